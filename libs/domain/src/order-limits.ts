import type { LimitKind } from '@core/contracts/limit';
import { convert } from '@core/contracts/market/conversion';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import {
  moneyDigits,
  nominalValue,
  openingPrice,
  openProfit,
  type PricedMarket,
} from '@core/contracts/market/valuation';
import type { Instant, Instrument, Side, Decimal } from '@core/contracts/primitives';
import { refusal } from '@core/contracts/refusal';
import {
  absolute,
  add,
  compare,
  divide,
  fromNumber,
  maximum,
  multiply,
  subtract,
  sum,
  ZERO,
} from '@core/kernel/decimal';
import { toMs } from '@core/kernel/instant';
import { dayLoss, type DayResult } from './day-result.ts';
import type { LimitRefusal, SizedOrder } from './decision.ts';
import type { LimitInForce } from './limit.ts';
import { ordersInDay, ordersInMinute, ordersInSecond, type OrderFlow } from './order-flow.ts';
import type { Orders } from './order.ts';
import type { Positions } from './position.ts';

/** What an account has and does, as its limits measure it. */
interface Measured {
  readonly positions: Positions;
  readonly orders: Orders;
  readonly flow: OrderFlow;
  readonly result: DayResult;
}

export interface Measures {
  readonly now: Instant;
  readonly market: PricedMarket;
  /** The limit of a kind that holds for the account. */
  limit(kind: LimitKind): LimitInForce | null;
}

const PERCENT_DIGITS = 4;

/** The first limit that a new order goes beyond, or that cannot be measured: what nobody can measure is not within it. */
export function limitOnOrder(
  order: SizedOrder,
  spec: InstrumentSpec,
  { positions, orders, flow, result }: Measured,
  { now, market, limit }: Measures,
): LimitRefusal | null {
  const quote = market.quote(order.instrument);
  const price = order.price ?? (quote && openingPrice(order.side, quote));
  const worth = (lots: Decimal): Decimal | null => nominal(lots, price, spec, market, result);
  const isLimited = (kind: LimitKind, found: () => Decimal | null) => breachOf(kind, limit(kind), found);
  return (
    isLimited('order-volume', () => order.volumeLots) ??
    isLimited('orders-per-second', () => counted(ordersInSecond(flow, now))) ??
    isLimited('rejections-in-a-row', () => fromNumber(flow.rejected.count)) ??
    isLimited('orders-per-minute', () => counted(ordersInMinute(flow, now))) ??
    isLimited('orders-per-day', () => counted(ordersInDay(flow, now))) ??
    isLimited('open-positions', () => counted(standing(order, positions, orders, flow).length)) ??
    limitOnPrice(order, { now, market, limit }) ??
    isLimited('order-notional', () => worth(order.volumeLots)) ??
    isLimited('instrument-exposure', () => worth(exposedLots(order, positions, orders, flow))) ??
    breachOf('day-loss', limit('day-loss'), () => dayLoss(result, valued(positions, market, result), now))
  );
}

/** Of an order, or of an amendment that moves one to another price. */
export function limitOnPrice(
  { instrument, side, price }: Omit<SizedOrder, 'volumeLots'>,
  { now, market, limit }: Measures,
): LimitRefusal | null {
  const quote = market.quote(instrument);
  const age = breachOf('quote-age', limit('quote-age'), () => quote && ageSeconds(quote, now));
  if (age || price === null) return age;
  return breachOf('price-band', limit('price-band'), () => quote && distancePercent(price, openingPrice(side, quote)));
}

/** The order that is asked for counts too. */
const counted = (others: number): Decimal => fromNumber(others + 1);

function breachOf(kind: LimitKind, inForce: LimitInForce | null, measure: () => Decimal | null): LimitRefusal | null {
  if (inForce === null) return null;
  const found = measure();
  if (found !== null && compare(found, inForce.allowed) <= 0) return null;
  const reason = found === null ? 'limit-unmeasured' : 'limit-exceeded';
  return { ...refusal(reason), reason, breach: { limit: kind, ...inForce, found } };
}

const ageSeconds = ({ time }: Quote, now: Instant): Decimal => fromNumber(Math.max(0, toMs(now) - toMs(time)) / 1000);

const distancePercent = (price: Decimal, market: Decimal): Decimal =>
  divide(multiply(absolute(subtract(price, market)), '100'), market, PERCENT_DIGITS);

function nominal(
  volumeLots: Decimal,
  price: Decimal | null,
  { contract }: InstrumentSpec,
  { rates }: PricedMarket,
  { currency }: DayResult,
): Decimal | null {
  const rate = currency && rates.rate(contract.quoteCurrency, currency);
  if (price === null || currency === null || !rate) return null;
  return convert(nominalValue({ contract, volumeLots }, price), rate, moneyDigits(currency));
}

interface Standing {
  readonly instrument: Instrument;
  readonly side: Side;
  readonly lots: Decimal;
  readonly isOpen: boolean;
}

/** Positions, but for the one that the order is to follow on, and orders that may still become one. */
const standing = (
  { closes }: SizedOrder,
  positions: Positions,
  orders: Orders,
  { underway }: OrderFlow,
): Standing[] => [
  ...Object.entries(positions.open).flatMap(([id, { instrument, side, volumeLots: lots }]) =>
    id === closes ? [] : [{ instrument, side, lots, isOpen: true }],
  ),
  ...Object.values(orders.working).map(({ instrument, side, lotsLeft: lots }) => ({
    ...{ instrument, side, lots, isOpen: false },
  })),
  ...Object.values(underway).map(({ instrument, side, volumeLots: lots }) => ({
    ...{ instrument, side, lots, isOpen: false },
  })),
];

/** The net volume of the order's instrument if it fills, and all on its side with it, and none of the other side does. */
function exposedLots(order: SizedOrder, positions: Positions, orders: Orders, flow: OrderFlow): Decimal {
  const same = standing(order, positions, orders, flow).filter(({ instrument }) => instrument === order.instrument);
  const along = same.filter(({ side }) => side === order.side).map(({ lots }) => lots);
  const against = same.filter(({ side, isOpen }) => side !== order.side && isOpen).map(({ lots }) => lots);
  return maximum(ZERO, subtract(add(order.volumeLots, sum(along)), sum(against)));
}

/** Profit of the open positions at the last prices; null where one has none. */
function valued({ open }: Positions, market: PricedMarket, { currency }: DayResult): Decimal | null {
  if (currency === null) return null;
  const profits = Object.values(open).map((position) => openProfit(position, market, currency));
  const known = profits.filter((profit) => profit !== null);
  return known.length === profits.length ? sum(known) : null;
}
