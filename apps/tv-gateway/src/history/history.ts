import type { AccountId, Instrument } from '@core/contracts/primitives';

/** Orders that ended and fills, of all time. Rows are JSON as TradingView gets them, newest first. */
export abstract class History {
  abstract orders(account: AccountId, rowsMax: number): Promise<readonly string[]>;
  abstract executions(account: AccountId, instrument: Instrument, rowsMax: number): Promise<readonly string[]>;
}
