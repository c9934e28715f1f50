import type { Recorded } from '@core/contracts/event';
import type { Instant, Instrument, OrderId, Side, Decimal } from '@core/contracts/primitives';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { unreachable } from '@core/kernel/unreachable';
import type { Requests } from './request.ts';

/** Orders as they are asked for: how many of late, and those of which nothing stands at the broker yet. */
export interface OrderFlow {
  /** Asked for and neither ended nor seen at the broker, as an order or as a position. */
  underway: Record<OrderId, { instrument: Instrument; side: Side; volumeLots: Decimal }>;
  /** How many were asked for in each of the last seconds. */
  bySecond: Record<Instant, number>;
  day: { of: string; count: number };
  /** The last orders by edge, oldest first, to know one that is said twice. */
  last: (SaidOrder & { at: Instant })[];
  /** How often the broker has rejected orders for one reason, one after the other. */
  rejected: { reason: string; count: number };
}

interface SaidOrder {
  readonly edge: string;
  readonly instrument: Instrument;
  readonly side: Side;
  readonly volumeLots: Decimal;
}

/** How many orders an account remembers to know one again. */
const LAST_MAX = 64;
const MINUTE_MS = 60_000;
const SECOND_TEXT = 19;
const DAY_TEXT = 10;

export const noOrderFlow = (): OrderFlow => ({
  underway: {},
  bySecond: {},
  day: { of: '', count: 0 },
  last: [],
  rejected: { reason: '', count: 0 },
});

/** The day of a moment in UTC. */
export const dayOf = (time: Instant): string => time.slice(0, DAY_TEXT);

export function ordersInMinute({ bySecond }: OrderFlow, now: Instant): number {
  const from = secondOf(instantFromMs(toMs(now) - MINUTE_MS));
  const counts = Object.entries(bySecond).filter(([second]) => second > from);
  return counts.reduce((total, [, count]) => total + count, 0);
}

export const ordersInSecond = ({ bySecond }: OrderFlow, now: Instant): number => bySecond[secondOf(now)] ?? 0;

/** Whether the same order came by the same edge less than so long ago. */
export const isRepeated = (
  { last }: OrderFlow,
  order: Omit<SaidOrder, 'edge'>,
  edge: string,
  windowMs: number,
  now: Instant,
): boolean =>
  windowMs > 0 &&
  last.some(
    (said) =>
      said.edge === edge &&
      said.instrument === order.instrument &&
      said.side === order.side &&
      said.volumeLots === order.volumeLots &&
      Math.abs(toMs(now) - toMs(said.at)) < windowMs,
  );

export const ordersInDay = ({ day }: OrderFlow, now: Instant): number => (day.of === dayOf(now) ? day.count : 0);

export type OrderFlowEvent = Recorded<
  | 'OrderRequested'
  | 'OrderWorking'
  | 'OrderCancelled'
  | 'OrderExpired'
  | 'PositionOpened'
  | 'RequestAccepted'
  | 'RequestRejected'
  | 'CloseOnlySet'
  | 'RequestExpired'
  | 'RequestResolved'
  | 'AccountReconciled'
>;

/** `requests` are those of the same account, with this event already in them. */
export function evolveOrderFlow(flow: OrderFlow, event: OrderFlowEvent, requests: Requests): void {
  switch (event.type) {
    case 'OrderRequested': {
      const { orderId, instrument, side, volumeLots, requester } = event.data;
      flow.underway[orderId] = { instrument, side, volumeLots };
      count(flow, event.time);
      flow.last.push({ edge: requester.edge, instrument, side, volumeLots, at: event.time });
      if (flow.last.length > LAST_MAX) flow.last.shift();
      return;
    }
    case 'RequestRejected': {
      const { kind, requestId, reason } = event.data;
      if (kind !== 'order') return;
      delete flow.underway[requestId];
      flow.rejected = { reason, count: flow.rejected.reason === reason ? flow.rejected.count + 1 : 1 };
      return;
    }
    // The broker took one, or an operator looked at the account: what was rejected before is over.
    case 'RequestAccepted':
      if (event.data.kind === 'order') flow.rejected = { reason: '', count: 0 };
      return;
    case 'CloseOnlySet':
      if (!event.data.closeOnly) flow.rejected = { reason: '', count: 0 };
      return;
    case 'RequestExpired':
      delete flow.underway[event.data.requestId];
      return;
    case 'RequestResolved':
      if (!event.data.executed) delete flow.underway[event.data.requestId];
      return;
    case 'OrderWorking':
    case 'OrderCancelled':
    case 'OrderExpired':
      delete flow.underway[event.data.orderId];
      return;
    case 'PositionOpened':
      if (event.data.orderId !== null) delete flow.underway[event.data.orderId];
      return;
    // What the broker accepted and does not show has come and gone unseen.
    case 'AccountReconciled':
      for (const orderId in flow.underway) if (!requests.open[orderId]) delete flow.underway[orderId];
      return;
    default:
      unreachable(event);
  }
}

/** Seconds outside of the last minute are forgotten: those before it, and those of a clock that was ahead. */
function count(flow: OrderFlow, now: Instant): void {
  const [from, second] = [secondOf(instantFromMs(toMs(now) - MINUTE_MS)), secondOf(now)];
  for (const each in flow.bySecond) if (each <= from || each > second) delete flow.bySecond[each];
  flow.bySecond[second] = (flow.bySecond[second] ?? 0) + 1;
  if (flow.day.of !== dayOf(now)) flow.day = { of: dayOf(now), count: 0 };
  flow.day.count += 1;
}

const secondOf = (time: Instant): string => time.slice(0, SECOND_TEXT);
