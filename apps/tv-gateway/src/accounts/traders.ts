import type { AccountId, TraderId, Venue } from '@core/contracts/primitives';
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
}

/** Who trades here, and with which accounts. */
export abstract class Traders {
  /** The trader, or null for an unknown login and a wrong password alike, after the same work. */
  abstract verify(login: string, password: string): Promise<TraderId | null>;
  /** Accounts that are switched on. */
  abstract accountsOf(trader: TraderId): Promise<readonly TradedAccount[]>;
}

@Injectable()
export class RegisteredTraders extends Traders {
  constructor(private readonly registry: Registry) {
    super();
  }

  async verify(login: string, password: string): Promise<TraderId | null> {
    return (await this.registry.verifyTrader(login, password))?.id ?? null;
  }

  async accountsOf(trader: TraderId): Promise<readonly TradedAccount[]> {
    const accounts = await this.registry.accountsOfTrader(trader);
    return accounts.filter(({ enabled }) => enabled);
  }
}
