import type { Decimal } from '@core/contracts/primitives';
import { fromNumber, parseDecimal } from '@core/kernel/decimal';
import { z } from 'zod';
import { AccountCurrency, Leverage } from '../core/account.ts';
import { LAST_TIME_MS } from '../core/units.ts';

// What the broker's control can be told, over HTTP and in scripts: one definition for both.

/** Of a price, a volume or an amount of money. */
const MOST = 1_000_000_000_000;

const decimal = z.union([z.number(), z.string().max(40)]).transform((value, context): Decimal => {
  const parsed = typeof value === 'number' ? fromNumber(value) : parseDecimal(value);
  if (parsed !== null && Math.abs(Number(parsed)) <= MOST) return parsed;
  const message = parsed === null ? 'not a decimal number' : `not within ${MOST}`;
  context.issues.push({ code: 'custom', message, input: value });
  return z.NEVER;
});
const userId = z.string().min(1).max(64);
const symbol = z.string().min(1).max(64);
const side = z.enum(['buy', 'sell']);
const level = decimal.optional();
const comment = z.string().max(200).optional();
/** A position or a pending order. */
const order = z.int();
const socket = z.enum(['main', 'stream']).optional();

/** A currency that prices lead to; balance in that currency, leverage as N of 1:N. */
export const AccountInput = z.strictObject({
  userId,
  password: z.string().min(1).max(128),
  currency: AccountCurrency.default('USD'),
  balance: decimal.default('100000'),
  leverage: Leverage.default(100),
});
export type AccountInput = z.output<typeof AccountInput>;

export const actions = {
  /** Sets a price; without an ask the usual spread is added. A held price moves only when it is set again. */
  setPrice: z.strictObject({ symbol, bid: decimal, ask: level, hold: z.boolean().optional() }),
  /** Moves bid and ask alike, in points of the instrument's last digit. */
  movePrice: z.strictObject({ symbol, points: z.int().min(-10_000_000).max(10_000_000) }),
  /** Whether the price walks by itself. */
  holdPrice: z.strictObject({ symbol, hold: z.boolean() }),
  /** Moves the price to a position's stop loss or take profit, which closes it. */
  hit: z.strictObject({ position: order, what: z.enum(['sl', 'tp']) }),
  /** A human opens a position at the broker: no request of any client is behind it. */
  openPosition: z.strictObject({
    userId,
    symbol,
    side,
    volume: decimal,
    sl: level,
    tp: level,
    comment,
    customComment: comment,
  }),
  closePosition: z.strictObject({ position: order, volume: decimal.optional(), comment }),
  /** Without customComment the comment is wiped, as humans' changes do. */
  modifyPosition: z.strictObject({ position: order, sl: level, tp: level, customComment: comment }),
  placeOrder: z.strictObject({
    ...{ userId, symbol, volume: decimal, price: decimal, sl: level, tp: level, comment, customComment: comment },
    kind: z.enum(['buy-limit', 'sell-limit', 'buy-stop', 'sell-stop']),
    expiration: z.int().min(0).max(LAST_TIME_MS).nullable().default(null),
  }),
  cancelOrder: z.strictObject({ order }),
  /** Positive deposits, negative withdraws. */
  cash: z.strictObject({ userId, amount: decimal, kind: z.enum(['balance', 'credit']).default('balance'), comment }),
  /** Streams every position again, unchanged. */
  resync: z.strictObject({ userId }),
  loginDisabled: z.strictObject({ userId, disabled: z.boolean() }),
  addAccount: AccountInput,
  /** Ends connections: `drop` without a word, `reset` hard, `close` properly (with a WebSocket code). Of everyone when no user is named. */
  disconnect: z.strictObject({
    userId: userId.optional(),
    socket,
    how: z.enum(['drop', 'reset', 'close']).default('drop'),
    code: z.int().min(1000).max(4999).optional(),
  }),
  /** `expire` makes the next command answer BE200, `forget` BE103. The streams go silent with either. */
  endSession: z.strictObject({ userId, how: z.enum(['expire', 'forget']) }),
  /** Sends text as it is, once to each matching connection: records and fields that no version knows, bare status frames. */
  raw: z.strictObject({
    userId: userId.optional(),
    socket: z.enum(['main', 'stream']),
    text: z.string().max(1_048_576),
  }),
  /** So many ticks of an instrument at once. */
  tickBurst: z.strictObject({ symbol, count: z.int().min(1).max(100_000) }),
  news: z.strictObject({ title: z.string().max(200), body: z.string().max(10_000) }),
  /** Charges a night's swaps now, as at the end of that weekday (Monday = 0). */
  rollover: z.strictObject({ weekday: z.int().min(0).max(6).default(0) }),
} as const;

export type ActionName = keyof typeof actions;
export type ControlAction<Name extends ActionName> = z.output<(typeof actions)[Name]>;
