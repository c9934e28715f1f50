import { Decimal } from '@core/contracts/primitives';
import { Cmd, isBuy, isPendingCmd, TransactionType } from '@core/xapi/wire/enums';
import type { XapiErrorCode } from '@core/xapi/wire/error-codes';
import { z } from 'zod';
import type { SimulatedAccount, PendingOrder, SimulatedPosition } from './account.ts';
import type { SimulatedInstrument } from './instrument.ts';
import type { BehaviourSettings } from './behaviour-settings.ts';
import type { Market, MarketPrice } from './market.ts';
import { isWholeUnits, LAST_TIME_MS, MOST_UNITS, toUnits, type Centilots, type Points } from './units.ts';

/** A tradeTransaction with its numbers exact; null where the client sent nothing. */
export const OrderRequest = z.strictObject({
  type: z.number(),
  cmd: z.number(),
  symbol: z.string(),
  volume: Decimal,
  price: Decimal,
  sl: Decimal,
  tp: Decimal,
  offset: z.number(),
  /** Position or pending order; 0 for new ones. */
  order: z.number(),
  expiration: z.number().nullable(),
  customComment: z.string().nullable(),
});
export type OrderRequest = Readonly<z.output<typeof OrderRequest>>;

/** The same in the broker's units, and what it is about. */
export interface CheckedOrder {
  readonly instrument: SimulatedInstrument;
  readonly volume: Centilots;
  readonly price: Points;
  readonly sl: Points;
  readonly tp: Points;
  readonly position: SimulatedPosition | null;
  readonly pending: PendingOrder | null;
}

export type OrderCheck = { readonly ok: CheckedOrder } | { readonly error: XapiErrorCode };

/**
 * What a broker looks at before it takes an order, in the order of wire-behaviour §5; money is looked at on execution.
 * Levels are checked against the price now, those of a pending order against its trigger price.
 */
export function checkOrder(
  request: OrderRequest,
  account: SimulatedAccount,
  market: Market,
  behaviour: BehaviourSettings,
  now: number,
): OrderCheck {
  const { type, cmd, symbol } = request;
  const types: readonly number[] = [
    TransactionType.open,
    TransactionType.close,
    TransactionType.modify,
    TransactionType.delete,
  ];
  if (!types.includes(type)) return { error: 'BE102' };
  const quote = market.find(symbol);
  if (!quote) return { error: 'BE101' };
  const { instrument } = quote;
  const isMarketOrder = type === TransactionType.close || (type === TransactionType.open && !isPendingCmd(cmd));
  if (behaviour.market.disabled.includes(symbol)) return { error: 'BE018' };
  if (type === TransactionType.open && account.positions.size + account.pendings.size >= behaviour.maxStandingTrades) {
    return { error: 'BE017' };
  }
  if (isMarketOrder && !market.isOpen(instrument, now)) return { error: 'BE006' };
  if (!isWholeUnits(request.volume, 2)) return { error: 'BE003' };

  const order: CheckedOrder = {
    instrument,
    volume: toUnits(request.volume, 2),
    price: toUnits(request.price, instrument.digits),
    sl: toUnits(request.sl, instrument.digits),
    tp: toUnits(request.tp, instrument.digits),
    position: account.positions.get(request.order) ?? null,
    pending: account.pendings.get(request.order) ?? null,
  };
  if (Math.abs(order.price) > MOST_UNITS) return { error: 'BE001' };
  if ([order.sl, order.tp, request.offset].some((points) => Math.abs(points) > MOST_UNITS)) return { error: 'BE002' };
  if (!isTrailing(request, quote)) return { error: 'BE002' };
  const error = checkByType(request, order, quote, account, now);
  return error ? { error } : { ok: order };
}

/** A trailing stop follows behind the price where it may, and never from below zero; orders that close or delete have none. */
const isTrailing = ({ type, offset }: OrderRequest, { bid, instrument }: MarketPrice): boolean =>
  type === TransactionType.close ||
  type === TransactionType.delete ||
  offset === 0 ||
  (instrument.trailing && offset > 0 && offset < bid);

function checkByType(
  request: OrderRequest,
  order: CheckedOrder,
  quote: MarketPrice,
  account: SimulatedAccount,
  now: number,
): XapiErrorCode | null {
  switch (request.type) {
    case TransactionType.open:
      return checkOpen(request, order, quote, now);
    case TransactionType.close:
      return checkClose(request, order, account);
    case TransactionType.modify:
      return checkModify(request, order, quote, now);
    default:
      if (!order.pending) return 'BE098';
      return order.pending.symbol === request.symbol ? null : 'BE007';
  }
}

function checkOpen(
  { cmd, expiration }: OrderRequest,
  order: CheckedOrder,
  quote: MarketPrice,
  now: number,
): XapiErrorCode | null {
  const { instrument, volume, price } = order;
  if (cmd < Cmd.buy || cmd > Cmd.sellStop) return 'BE007';
  if (volume < instrument.lotMin || volume > instrument.lotMax) return 'BE003';
  if ((volume - instrument.lotMin) % instrument.lotStep !== 0) return 'BE003';
  if (price <= 0) return 'BE001';
  if (!isBuy(cmd) && !instrument.shortSelling) return 'BE012';
  const pending = isPendingCmd(cmd);
  if (!levelsFit(isBuy(cmd), order, pending ? { bid: price, ask: price } : quote)) return 'BE002';
  return pending ? checkPending(cmd, price, expiration, quote, now) : null;
}

/** Limits stand on the better side of the price, stops on the worse. */
function checkPending(
  cmd: number,
  price: Points,
  expiration: number | null,
  { bid, ask }: MarketPrice,
  now: number,
): XapiErrorCode | null {
  const fits =
    (cmd === Cmd.buyLimit && price < ask) ||
    (cmd === Cmd.sellLimit && price > bid) ||
    (cmd === Cmd.buyStop && price > ask) ||
    (cmd === Cmd.sellStop && price < bid);
  if (!fits) return 'BE001';
  return expiration !== null && (expiration <= now || expiration > LAST_TIME_MS) ? 'BE007' : null;
}

function checkClose(
  { order: number, symbol }: OrderRequest,
  order: CheckedOrder,
  account: SimulatedAccount,
): XapiErrorCode | null {
  if (order.pending) return 'BE096';
  if (!order.position) return account.deals.some(({ position }) => position === number) ? 'BE097' : 'BE098';
  if (order.position.symbol !== symbol) return 'BE007';
  if (order.volume <= 0 || order.volume > order.position.volume) return 'BE003';
  if ((order.position.volume - order.volume) % order.instrument.lotStep !== 0) return 'BE003';
  return order.price > 0 ? null : 'BE001';
}

function checkModify(
  { symbol, expiration }: OrderRequest,
  order: CheckedOrder,
  quote: MarketPrice,
  now: number,
): XapiErrorCode | null {
  const target = order.position ?? order.pending;
  if (!target) return 'BE098';
  if (target.symbol !== symbol) return 'BE007';
  if (target.volume !== order.volume) return 'BE008';
  if (order.position) return levelsFit(order.position.isBuy, order, quote) ? null : 'BE002';
  const { cmd } = order.pending ?? { cmd: 0 };
  const refused = checkPending(cmd, order.price, expiration, quote, now);
  if (refused) return refused;
  return levelsFit(isBuy(cmd), order, { bid: order.price, ask: order.price }) ? null : 'BE002';
}

/** Stop loss on the losing side of the price, take profit on the winning one, each at its least distance. */
function levelsFit(
  buys: boolean,
  { sl, tp, instrument }: CheckedOrder,
  { bid, ask }: Pick<MarketPrice, 'bid' | 'ask'>,
): boolean {
  if (sl < 0 || tp < 0) return false;
  const least = instrument.stopsLevelPips * 10 ** (instrument.digits - instrument.pipDigits);
  if (buys) return (sl === 0 || sl < bid - least) && (tp === 0 || tp > ask + least);
  return (sl === 0 || sl > ask + least) && (tp === 0 || tp < bid - least);
}
