import { RegistryNews } from '@core/edge/registry-news';
import type { TraderId } from '@core/contracts/primitives';
import { refusalText } from '@core/tradingview/translate/words';
import { Injectable } from '@nestjs/common';
import { Believed } from '../believed.ts';
import { AuthSettings } from '../config.ts';
import { Elsewhere, Refused } from '../refused.ts';
import { Traders, type TradedAccount } from './traders.ts';

/** What a trader may see, asked of the registry at most every few seconds. */
@Injectable()
export class TraderAccounts {
  private readonly known: Believed<TraderId, readonly TradedAccount[]>;

  constructor(settings: AuthSettings, traders: Traders, registry: RegistryNews) {
    const terms = { lifetimeMs: settings.authCacheMs, max: settings.authCacheMax };
    this.known = new Believed(terms, (some) => traders.accountsOf(some));
    registry.onChanged(() => this.known.forget());
  }

  /** Throws `Elsewhere` for one who lives in another cell by now. */
  async of(trader: TraderId): Promise<readonly TradedAccount[]> {
    const theirs = this.known.remembered(trader) ?? (await this.known.ask(trader));
    if (theirs === null) throw new Elsewhere();
    return theirs;
  }

  /** Those that were asked for a moment ago, for who asks again and again; null where they must be asked for. */
  memoryOf(trader: TraderId): () => readonly TradedAccount[] | null {
    return this.known.memoryOf(trader);
  }

  /** One of the trader's own accounts; somebody else's is as unknown as one that does not exist. */
  async one(trader: TraderId, id: string): Promise<TradedAccount> {
    return oneOf(await this.of(trader), id);
  }
}

/** Throws `Refused` where the account is not among them. */
export function oneOf(accounts: readonly TradedAccount[], id: string): TradedAccount {
  const account = accounts.find((each) => each.id === id);
  if (!account) throw new Refused(refusalText('unknown-account'));
  return account;
}
