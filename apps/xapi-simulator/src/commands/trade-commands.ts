import type { Decimal } from '@core/contracts/primitives';
import { fromNumber } from '@core/kernel/decimal';
import { err, ok } from '@core/kernel/result';
import { commands } from '@core/xapi/wire/commands';
import { Cmd } from '@core/xapi/wire/enums';
import type { XapiErrorCode } from '@core/xapi/wire/error-codes';
import type { TradeRecord, TradeTransInfo } from '@core/xapi/wire/trade-record';
import type { Written } from '@core/xapi/wire/wire-types';
import type { SimulatedAccount, PendingOrder, SimulatedPosition } from '../core/account.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { Market } from '../core/market.ts';
import type { OrderRequest } from '../core/order-check.ts';
import { cashTrade, dealTrade, inSnapshot, pendingTrade, positionTrade } from '../core/trade-frames.ts';
import { priceText } from '../core/units.ts';
import { closingPoints, floatingProfit } from '../core/valuation.ts';
import { answering, type Caller, type CommandContext } from './command.ts';

/** A month: what a history start of 0 means (seed §5.18). */
const MONTH_MS = 30 * 86_400_000;

/** What can be asked about trades, and the one command that makes them. */
export const tradeCommands = {
  getTrades: answering(commands.getTrades, (context, { account }, { openedOnly }) => {
    const positions = [...account.positions.values()].map((position) => positionRecord(context, account, position));
    const pendings = openedOnly ? [] : [...account.pendings.values()].map((pending) => pendingRecord(context, pending));
    return ok([...positions, ...pendings]);
  }),

  /** By position number: open, pending or closed. Unknown ones are left out. */
  getTradeRecords: answering(commands.getTradeRecords, (context, { account }, { orders }) => {
    return ok(
      orders.flatMap((order) => {
        const position = account.positions.get(order);
        if (position) return [positionRecord(context, account, position)];
        const pending = account.pendings.get(order);
        if (pending) return [pendingRecord(context, pending)];
        return account.deals.filter((deal) => deal.position === order).map((deal) => dealRecord(context, deal));
      }),
    );
  }),

  /** Deals, deposits and withdrawals by the time they closed, oldest first. */
  getTradesHistory: answering(commands.getTradesHistory, (context, { account }, { start, end }) => {
    const now = context.broker.time;
    const [from, to] = [start === 0 ? now - MONTH_MS : start, end === 0 ? now : end];
    const within = (time: number): boolean => from <= time && time <= to;
    const deals = account.deals.filter(({ closeTime }) => within(closeTime)).map((deal) => dealRecord(context, deal));
    const cash = account.cash.filter(({ time }) => within(time)).map((each) => inSnapshot(cashTrade(each), now, 0));
    return ok([...deals, ...cash].sort((left, right) => Number(left.close_time) - Number(right.close_time)));
  }),

  tradeTransaction: answering(
    commands.tradeTransaction,
    (context, caller, { tradeTransInfo }) => {
      const request = orderRequest(tradeTransInfo);
      const received = context.broker.receive(caller.account, request);
      const [order, error] = 'order' in received ? [received.order, null] : [null, received.error];
      note(context, caller, { request, order, error, executed: true });
      return 'order' in received ? ok(received) : err(received.error);
    },
    (context, caller, given) => {
      noteUnseen(context, caller, given, 'EX000');
      return 'EX000';
    },
  ),

  /** Both prices are the requested one (wire-behaviour §5). */
  tradeTransactionStatus: answering(commands.tradeTransactionStatus, (_desk, { account }, { order }) => {
    const state = account.requests.get(order);
    if (!state) return err('BE098');
    const { requestStatus, message, customComment } = state;
    const price = priceText(state.price, state.digits);
    return ok({ order, requestStatus, message, customComment, ask: price, bid: price });
  }),
};

/** Enters a tradeTransaction that never got as far as the broker: unreadable, or kept from it by a fault. */
export function noteUnseen(context: CommandContext, caller: Caller, given: unknown, error: XapiErrorCode | null): void {
  const parsed = commands.tradeTransaction.takes.safeParse(given);
  const request = parsed.success ? orderRequest(parsed.data.tradeTransInfo) : null;
  note(context, caller, { request, order: null, error, executed: false });
}

function note(
  { journal, broker }: CommandContext,
  { account: { userId }, connection, customTag }: Caller,
  entry: Pick<JournalEntry, 'request' | 'order' | 'error' | 'executed'>,
): void {
  const tag = customTag === undefined ? null : String(customTag);
  journal.add({ time: broker.time, userId, connection, customTag: tag, ...entry });
}

/** The client's numbers, exact. An absent cmd is 0: one client in use leaves it out. */
function orderRequest(info: TradeTransInfo): OrderRequest {
  return {
    type: info.type,
    cmd: info.cmd ?? Cmd.buy,
    symbol: info.symbol,
    volume: fromNumber(info.volume),
    price: fromNumber(info.price),
    sl: orZero(info.sl),
    tp: orZero(info.tp),
    offset: info.offset ?? 0,
    order: info.order ?? 0,
    expiration: info.expiration || null,
    customComment: info.customComment ?? null,
  };
}

const orZero = (value: number | null | undefined): Decimal => (value ? fromNumber(value) : '0');

function positionRecord(
  { market, broker }: CommandContext,
  account: SimulatedAccount,
  position: SimulatedPosition,
): Written<TradeRecord> {
  const quote = market.get(position.symbol);
  const closePrice = closingPoints(position.isBuy, quote);
  const profit = floatingProfit(market, account, position);
  return inSnapshot(
    positionTrade(quote.instrument, position, closePrice, profit),
    broker.time,
    spreadOf(market, position.symbol),
  );
}

const pendingRecord = ({ market, broker }: CommandContext, pending: PendingOrder): Written<TradeRecord> =>
  inSnapshot(
    pendingTrade(market.get(pending.symbol).instrument, pending),
    broker.time,
    spreadOf(market, pending.symbol),
  );

const dealRecord = (
  { market, broker }: CommandContext,
  deal: SimulatedAccount['deals'][number],
): Written<TradeRecord> => inSnapshot(dealTrade(market.get(deal.symbol).instrument, deal), broker.time, 0);

const spreadOf = (market: Market, symbol: string): number => market.get(symbol).ask - market.get(symbol).bid;
