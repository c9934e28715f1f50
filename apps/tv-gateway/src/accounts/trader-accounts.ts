import { BoundedMap } from '@core/kernel/bounded-map';
import { RegistryNews } from '@core/edge/registry-news';
import type { TraderId } from '@core/contracts/primitives';
import { refusalText } from '@core/tradingview/translate/words';
import { Injectable } from '@nestjs/common';
import { AskedAhead } from '../asked-ahead.ts';
import { AuthSettings } from '../config.ts';
import { Refused } from '../refused.ts';
import { Traders, type TradedAccount } from './traders.ts';

interface Known {
  readonly accounts: readonly TradedAccount[];
  readonly askedAt: number;
}

/** What a trader may see, asked of the registry at most every few seconds. */
@Injectable()
export class TraderAccounts {
  private readonly known: BoundedMap<TraderId, Known>;
  private readonly ahead: AskedAhead<TraderId>;
  private changes = 0;

  constructor(
    private readonly settings: AuthSettings,
    private readonly traders: Traders,
    registry: RegistryNews,
  ) {
    registry.onChanged(() => {
      this.changes += 1;
      this.known.clear();
    });
    this.known = new BoundedMap(settings.authCacheMax);
    this.ahead = new AskedAhead(settings.authCacheMs);
  }

  async of(trader: TraderId): Promise<readonly TradedAccount[]> {
    const known = this.known.get(trader);
    if (known && performance.now() - known.askedAt < this.settings.authCacheMs) {
      this.ahead.ask(trader, known.askedAt, () => this.ask(trader));
      return known.accounts;
    }
    return this.ask(trader);
  }

  /** One of the trader's own accounts; somebody else's is as unknown as one that does not exist. */
  async one(trader: TraderId, id: string): Promise<TradedAccount> {
    const account = (await this.of(trader)).find((each) => each.id === id);
    if (!account) throw new Refused(refusalText('unknown-account'));
    return account;
  }

  private async ask(trader: TraderId): Promise<readonly TradedAccount[]> {
    const { changes } = this;
    const now = performance.now();
    const accounts = await this.traders.accountsOf(trader);
    // What was read before a change must not outlive it.
    if (changes === this.changes) this.known.set(trader, { accounts, askedAt: now });
    return accounts;
  }
}
