// Stored for good: never edit a shape here; add a schema version and an upcaster.
import { z } from 'zod';
import { event } from '../message.ts';
import { Currency, Decimal, NonNegativeDecimal, Text, TraderId, Venue } from '../primitives.ts';

/** What moved a balance. `delta` is signed, in account currency; `reference` is our position id where there is one. */
export const BalanceOperation = z.strictObject({
  type: z.enum(['trading', 'deposit', 'withdrawal', 'credit', 'correction']),
  delta: Decimal,
  reference: z.string().max(64).nullable(),
  comment: Text.nullable(),
});
export type BalanceOperation = z.output<typeof BalanceOperation>;

/** One difference that reconciliation found between the broker's snapshot and our fold of the log. */
export const Drift = z.strictObject({
  kind: z.enum(['position', 'order', 'balance']),
  /** The broker's number of the position or order; empty for the balance. */
  brokerKey: z.string().max(32),
  ours: Text.nullable(),
  theirs: Text.nullable(),
});
export type Drift = z.output<typeof Drift>;

export const accountEvents = [
  /** An account of a trader is to be connected from now on. What it is called, and its login, the registry alone knows. */
  event('AccountRegistered', 'ledger', { traderId: TraderId, venue: Venue, mode: z.enum(['demo', 'live']) }, 2),
  /** A connector begins to listen: what it tells of the account comes after this. */
  event('AccountSessionOpened', 'connector', { connector: Text }),
  /** Nobody listens to the broker any more, until the next session. */
  event('AccountSessionLost', 'connector', { connector: Text, reason: Text }),
  /** What the broker says of the account itself. */
  event('AccountUpdated', 'connector', {
    currency: Currency,
    /** 100 for 1:100; null where the broker does not say. */
    leverage: NonNegativeDecimal.nullable(),
    group: Text,
    tradingDisabled: z.boolean(),
  }),
  /**
   * The broker's balance and credit, told at once when they moved; and an operation that is in them. One that is found
   * out later is told then, with the balance as it stands. Null: the reason is still to come.
   */
  event('BalanceChanged', 'connector', { balance: Decimal, credit: Decimal, operation: BalanceOperation.nullable() }),
  /** A sample of what the account is worth with its open positions; not every tick. */
  event('EquityMarked', 'connector', {
    balance: Decimal,
    credit: Decimal,
    equity: Decimal,
    margin: Decimal,
    marginFree: Decimal,
    /** Percent; 0 without positions. */
    marginLevel: Decimal,
  }),
  /** Clean may list differences too: what went on at the broker while nobody listened, explained and adopted. */
  event('AccountReconciled', 'connector', {
    outcome: z.enum(['clean', 'drift']),
    positions: z.int().min(0),
    orders: z.int().min(0),
    drifts: z.array(Drift).max(500),
  }),
] as const;
