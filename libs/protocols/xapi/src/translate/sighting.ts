import type { Decimal, Instant, OrderKind, Side } from '@core/contracts/primitives';
import { fromNumber, isPositive, round, ZERO } from '@core/kernel/decimal';
import { instantFromMs } from '@core/kernel/instant';
import { err, ok, type Result } from '@core/kernel/result';
import { z } from 'zod';
import { Cmd, isBuy, isPendingCmd, TradeState, TransactionType } from '../wire/enums.ts';
import { StreamingTradeRecord, TradeRecord } from '../wire/trade-record.ts';

/** A trade record in exact numbers; the fields that translation needs, from the stream or a snapshot alike. */
export interface Trade {
  readonly cmd: number;
  /** Position, pending order or closing deal, depending on the record (wire-behaviour §4). */
  readonly order: string;
  /** The request that made it: of an opening, a trigger or a close. */
  readonly order2: string;
  readonly position: string;
  /** Empty for deposits and withdrawals. */
  readonly symbol: string;
  readonly digits: number;
  readonly trailingPoints: number | null;
  /** The broker's own comment: why a deal was made. */
  readonly comment: string;
  /** The customer's comment: where our tokens stand. */
  readonly customComment: string | null;
  readonly commission: Decimal;
  readonly swap: Decimal;
  readonly openPrice: Decimal;
  readonly closePrice: Decimal;
  readonly volumeLots: Decimal;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
  /** Gross, account currency; zero where the broker says nothing. */
  readonly profit: Decimal;
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
  readonly expiresAt: Instant | null;
}

/** What one record says about one thing. `order-in-flight` is a market order on its way: neither order nor position. */
export type Topic =
  'position' | 'position-gone' | 'order' | 'order-gone' | 'order-in-flight' | 'deal' | 'booking' | 'unknown';

export interface Sighting {
  readonly topic: Topic;
  readonly trade: Trade;
}

const numbers = {
  cmd: true,
  order: true,
  order2: true,
  position: true,
  digits: true,
  offset: true,
  symbol: true,
  comment: true,
  customComment: true,
  commission: true,
  storage: true,
  open_price: true,
  close_price: true,
  volume: true,
  sl: true,
  tp: true,
  profit: true,
  open_time: true,
  close_time: true,
  expiration: true,
} as const;

/** Only what we use is checked: servers leave out and add fields freely (wire-behaviour §2.2). */
const Streamed = StreamingTradeRecord.pick({ ...numbers, type: true, state: true });
const Listed = TradeRecord.pick({ ...numbers, closed: true });
type Fields = Omit<z.output<typeof Listed>, 'closed'>;

/** Reads the data of a `trade` frame. A record that cannot be read may have moved an order: reconcile. */
export function readStreamedTrade(data: unknown): Result<Sighting, string> {
  const record = Streamed.safeParse(data);
  if (!record.success) return err(z.prettifyError(record.error));
  return sighting(streamedTopic(record.data), record.data);
}

/** Reads an entry of `getTrades` or `getTradesHistory`: a position, a pending order, a closing deal or a booking. */
export function readListedTrade(data: unknown): Result<Sighting, string> {
  const record = Listed.safeParse(data);
  if (!record.success) return err(z.prettifyError(record.error));
  const { cmd, closed } = record.data;
  const topic = isBooking(cmd) ? 'booking' : isPendingCmd(cmd) ? 'order' : closed ? 'deal' : 'position';
  return sighting(topic, record.data);
}

export const sideOf = ({ cmd }: Trade): Side => (isBuy(cmd) ? 'buy' : 'sell');

export const kindOf = ({ cmd }: Trade): OrderKind =>
  cmd === Cmd.buyLimit || cmd === Cmd.sellLimit ? 'limit' : isPendingCmd(cmd) ? 'stop' : 'market';

const isBooking = (cmd: number): boolean => cmd === Cmd.balance || cmd === Cmd.credit;

function streamedTopic({ cmd, type, state }: z.output<typeof Streamed>): Topic {
  const gone = state === TradeState.deleted;
  if (isBooking(cmd)) return gone ? 'unknown' : 'booking';
  switch (type) {
    case TransactionType.open:
      return gone ? 'position-gone' : 'position';
    case TransactionType.pending:
      if (!isPendingCmd(cmd)) return 'order-in-flight';
      return gone ? 'order-gone' : 'order';
    case TransactionType.close:
      return gone ? 'unknown' : 'deal';
    default:
      return 'unknown';
  }
}

function sighting(topic: Topic, record: Fields): Result<Sighting, string> {
  const price = (value: number): Decimal => round(fromNumber(value), record.digits);
  const protection = (value: number): Decimal | null => (value > 0 ? price(value) : null);
  const trade: Trade = {
    cmd: record.cmd,
    order: String(record.order),
    order2: String(record.order2),
    position: String(record.position),
    symbol: record.symbol ?? '',
    digits: record.digits,
    trailingPoints: record.offset > 0 ? record.offset : null,
    comment: record.comment ?? '',
    customComment: record.customComment === '' ? null : record.customComment,
    commission: record.commission === null ? ZERO : fromNumber(record.commission),
    swap: fromNumber(record.storage),
    openPrice: price(record.open_price),
    closePrice: price(record.close_price),
    volumeLots: fromNumber(record.volume),
    stopLoss: protection(record.sl),
    takeProfit: protection(record.tp),
    profit: record.profit === null ? ZERO : fromNumber(record.profit),
    openedAt: instantFromMs(record.open_time),
    closedAt: record.close_time === null ? null : instantFromMs(record.close_time),
    expiresAt: record.expiration === null || record.expiration === 0 ? null : instantFromMs(record.expiration),
  };
  const unfit = unfitness(topic, trade);
  return unfit === null ? ok({ topic, trade }) : err(`${topic} ${trade.position}: ${unfit}`);
}

/** What no record of ours to come can stand on. */
function unfitness(topic: Topic, { symbol, openPrice, closePrice, volumeLots }: Trade): string | null {
  if (topic !== 'position' && topic !== 'order' && topic !== 'deal') return null;
  if (symbol === '') return 'no symbol';
  if (!isPositive(openPrice)) return 'no opening price';
  if (!isPositive(volumeLots)) return 'no volume';
  return topic === 'deal' && !isPositive(closePrice) ? 'no closing price' : null;
}
