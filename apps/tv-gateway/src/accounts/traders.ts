import type { AccountId, Decimal, TraderId, Venue } from '@core/contracts/primitives';
import { Registry } from '@core/registry/registry';
import { Injectable } from '@nestjs/common';

/** An account as the operator registered it. */
export interface TradedAccount {
  readonly id: AccountId;
  readonly venue: Venue;
  readonly name: string;
  readonly mode: 'demo' | 'live';
  /** Whether its positions are shown netted, one per instrument. */
  readonly netting: boolean;
  /** How far the price of its market orders may slip; null is as at its venue. */
  readonly slippagePercent: Decimal | null;
}

export type AccountsByTrader = ReadonlyMap<TraderId, readonly TradedAccount[]>;

/** Who trades here, and with which accounts. */
export abstract class Traders {
  /** The trader, or null for an unknown login, a wrong password and one who is disabled alike, after the same work. */
  abstract verify(login: string, password: string): Promise<TraderId | null>;
  /** The cell that a trader lives in, whichever was asked to let them in. */
  abstract homeOf(trader: TraderId): Promise<string>;
  /**
   * Accounts of each of them that are switched on; none of one who has none or is disabled, whatever token he still has.
   * Who lives in another cell is not among them.
   */
  abstract accountsOf(traders: readonly TraderId[]): Promise<AccountsByTrader>;
}

@Injectable()
export class RegisteredTraders extends Traders {
  constructor(private readonly registry: Registry) {
    super();
  }

  async verify(login: string, password: string): Promise<TraderId | null> {
    return (await this.registry.verifyTrader(login, password))?.id ?? null;
  }

  homeOf(trader: TraderId): Promise<string> {
    return this.registry.cells.homeOf(trader);
  }

  async accountsOf(traders: readonly TraderId[]): Promise<AccountsByTrader> {
    const [residents, accounts] = await Promise.all([
      this.registry.cells.residentsAmong(traders),
      this.registry.openAccountsOf(traders),
    ]);
    const byTrader = new Map(residents.map((trader) => [trader, [] as TradedAccount[]]));
    for (const account of accounts) byTrader.get(account.traderId)?.push(account);
    return byTrader;
  }
}
