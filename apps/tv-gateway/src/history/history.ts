import type { AccountId, Instrument } from '@core/contracts/primitives';
import type { Note } from '@core/views/tradingview/ticket';

/** An order that ended: JSON as TradingView gets it, but for its message, which is made of the note. */
export interface EndedOrder {
  readonly json: string;
  readonly note: Note | null;
}

/** Orders that ended and fills, of all time, newest first. Fills are JSON as TradingView gets them. */
export abstract class History {
  abstract orders(account: AccountId, rowsMax: number): Promise<readonly EndedOrder[]>;
  abstract executions(account: AccountId, instrument: Instrument, rowsMax: number): Promise<readonly string[]>;
}
