import type { BalanceOperation } from '@core/contracts/events/account';
import type { Decimal, Instant, Side } from '@core/contracts/primitives';
import type {
  BookingReport,
  BrokerSnapshot,
  DealReport,
  OrderReport,
  PositionReport,
  Report,
  StandingReport,
} from '@core/execution/report';
import { fromNumber, isNegative, isPositive, round, ZERO } from '@core/kernel/decimal';
import { instantFromMs } from '@core/kernel/instant';
import { err, ok, type Result } from '@core/kernel/result';
import { z } from 'zod';
import { Cmd, isBuy, isPendingCmd, TradeState, TransactionType } from '../wire/enums.ts';
import { StreamingTradeRecord, TradeRecord } from '../wire/trade-record.ts';
import { Digits, EpochMs, SymbolName, boundedText } from './bounds.ts';
import { closeReasonOf } from './close-reason.ts';

/** What `getTrades` and `getTradesHistory` list. */
export type ListedReport = StandingReport | DealReport | BookingReport;

const plain = {
  cmd: true,
  order: true,
  order2: true,
  position: true,
  offset: true,
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
} as const;

const bounded = {
  digits: Digits,
  symbol: SymbolName,
  open_time: EpochMs,
  close_time: EpochMs.nullable(),
  expiration: EpochMs.nullable(),
};

/** Only what we use is checked: servers leave out and add fields freely (wire-behaviour §2.2). */
const Streamed = StreamingTradeRecord.pick({ ...plain, type: true, state: true }).extend(bounded);
const Listed = TradeRecord.pick({ ...plain, closed: true }).extend(bounded);
type Fields = Omit<z.output<typeof Listed>, 'closed'>;

/**
 * The data of a `trade` frame (wire-behaviour §4 and §6). Null for what tells nothing: a market order in flight, and
 * records of kinds that nobody documented. What cannot be read may have moved an order: reconcile.
 */
export function translateStreamedTrade(data: unknown): Result<Report | null, string> {
  const record = Streamed.safeParse(data);
  if (!record.success) return err(z.prettifyError(record.error));
  const { cmd, type, state } = record.data;
  const isGone = state === TradeState.deleted;
  if (isBooking(cmd)) return ok(isGone ? null : bookingOf(record.data));
  switch (type) {
    case TransactionType.open:
      // Its price and profit are stale (wire-behaviour §6, hard rule 2).
      return isGone ? ok({ about: 'position-gone', position: String(record.data.position) }) : positionOf(record.data);
    case TransactionType.pending:
      if (!isPendingCmd(cmd)) return ok(null);
      return isGone ? ok({ about: 'order-gone', order: String(record.data.order) }) : orderOf(record.data);
    case TransactionType.close:
      return isGone ? ok(null) : dealOf(record.data);
    default:
      return ok(null);
  }
}

/** An entry of `getTrades` or `getTradesHistory`. */
export function translateListedTrade(data: unknown): Result<ListedReport, string> {
  const record = Listed.safeParse(data);
  if (!record.success) return err(z.prettifyError(record.error));
  const { cmd, closed } = record.data;
  if (isBooking(cmd)) return ok(bookingOf(record.data));
  if (isPendingCmd(cmd)) return orderOf(record.data);
  return closed ? dealOf(record.data) : positionOf(record.data);
}

/** Answers of `getTrades` and `getTradesHistory`: what either lists of the other's kind, the other lists too. */
export function translateTrades(
  trades: unknown,
  history: unknown,
): Result<Pick<BrokerSnapshot, 'standing' | 'history'>, string> {
  if (!Array.isArray(trades) || !Array.isArray(history)) return err('a list of trades is not a list');
  const standing: StandingReport[] = [];
  const ended: (DealReport | BookingReport)[] = [];
  for (const entry of trades) {
    const report = translateListedTrade(entry);
    if (!report.ok) return report;
    if (report.value.about === 'position' || report.value.about === 'order') standing.push(report.value);
  }
  for (const entry of history) {
    const report = translateListedTrade(entry);
    if (!report.ok) return report;
    if (report.value.about === 'deal' || report.value.about === 'booking') ended.push(report.value);
  }
  return ok({ standing, history: ended });
}

function positionOf(record: Fields): Result<PositionReport, string> {
  const { position, order2, digits, offset, cmd } = record;
  return whole({
    about: 'position',
    position: String(position),
    origin: String(order2),
    instrument: record.symbol ?? '',
    digits,
    side: sideOf(cmd),
    volumeLots: fromNumber(record.volume),
    price: priceOf(record.open_price, digits),
    closePrice: priceOf(record.close_price, digits),
    stopLoss: protectionOf(record.sl, digits),
    takeProfit: protectionOf(record.tp, digits),
    trailingPoints: offset > 0 ? offset : null,
    profit: moneyOf(record.profit),
    commission: moneyOf(record.commission),
    swap: fromNumber(record.storage),
    openedAt: instantFromMs(record.open_time),
    comment: commentOf(record),
  });
}

function orderOf(record: Fields): Result<OrderReport, string> {
  const { order, digits, offset, cmd, expiration } = record;
  return whole({
    about: 'order',
    order: String(order),
    instrument: record.symbol ?? '',
    digits,
    side: sideOf(cmd),
    kind: cmd === Cmd.buyLimit || cmd === Cmd.sellLimit ? 'limit' : 'stop',
    volumeLots: fromNumber(record.volume),
    price: priceOf(record.open_price, digits),
    stopLoss: protectionOf(record.sl, digits),
    takeProfit: protectionOf(record.tp, digits),
    trailingPoints: offset > 0 ? offset : null,
    placedAt: instantFromMs(record.open_time),
    expiresAt: expiration === null || expiration === 0 ? null : instantFromMs(expiration),
    comment: commentOf(record),
  });
}

function dealOf(record: Fields): Result<DealReport, string> {
  const { order, order2, position, digits, cmd, comment } = record;
  return whole({
    about: 'deal',
    deal: String(order),
    position: String(position),
    request: String(order2),
    instrument: record.symbol ?? '',
    digits,
    side: sideOf(cmd),
    volumeLots: fromNumber(record.volume),
    openPrice: priceOf(record.open_price, digits),
    closePrice: priceOf(record.close_price, digits),
    profit: moneyOf(record.profit),
    commission: moneyOf(record.commission),
    swap: fromNumber(record.storage),
    stopLoss: protectionOf(record.sl, digits),
    takeProfit: protectionOf(record.tp, digits),
    reason: closeReasonOf(comment ?? ''),
    openedAt: instantFromMs(record.open_time),
    closedAt: instantOf(record.close_time),
    comment: commentOf(record),
  });
}

/** Deposits, withdrawals and credits come as trade records of their own (wire-behaviour §7.14). */
function bookingOf({ cmd, order, profit, comment, open_time, close_time }: Fields): BookingReport {
  const delta = moneyOf(profit);
  const type: BalanceOperation['type'] = cmd === Cmd.credit ? 'credit' : isNegative(delta) ? 'withdrawal' : 'deposit';
  return {
    about: 'booking',
    operation: { type, delta, reference: String(order), comment: boundedText(comment) },
    at: instantOf(close_time) ?? instantFromMs(open_time),
  };
}

/** Refuses what nothing of ours can stand on. */
function whole<Kind extends PositionReport | OrderReport | DealReport>(report: Kind): Result<Kind, string> {
  const unfit = unfitnessOf(report);
  return unfit === null ? ok(report) : err(`${report.about} ${numberOf(report)}: ${unfit}`);
}

function unfitnessOf(report: PositionReport | OrderReport | DealReport): string | null {
  if (report.instrument === '') return 'no symbol';
  if (!isPositive(report.about === 'deal' ? report.openPrice : report.price)) return 'no opening price';
  if (!isPositive(report.volumeLots)) return 'no volume';
  return report.about === 'deal' && !isPositive(report.closePrice) ? 'no closing price' : null;
}

const numberOf = (report: PositionReport | OrderReport | DealReport): string =>
  report.about === 'order' ? report.order : report.position;

const isBooking = (cmd: number): boolean => cmd === Cmd.balance || cmd === Cmd.credit;
const sideOf = (cmd: number): Side => (isBuy(cmd) ? 'buy' : 'sell');

const priceOf = (value: number, digits: number): Decimal => round(fromNumber(value), digits);
const protectionOf = (value: number, digits: number): Decimal | null => (value > 0 ? priceOf(value, digits) : null);
const moneyOf = (value: number | null): Decimal => (value === null ? ZERO : fromNumber(value));
const instantOf = (ms: number | null): Instant | null => (ms === null ? null : instantFromMs(ms));
/** The customer's comment, where our tokens stand; the broker's own says why a deal was made. */
const commentOf = ({ customComment }: Fields): string | null => boundedText(customComment);
