import { foreignOrderIdOf } from '@core/contracts/fact-id';
import type { BookOrder } from '../broker-book.ts';
import { factOf, type Cause, type Fact } from '../fact.ts';
import { accepted, mayBeOurs, orderOf } from './known-order.ts';
import { kindOf, sideOf, type Trade } from '@core/xapi/translate/sighting';
import { noNews, waitFor, type Observation, type Conclusion, type Knowledge } from '../knowledge.ts';

/** A record that says a limit or stop order stands (wire-behaviour §6, type 1 Modified, or an entry of `getTrades`). */
export function translateOrder(view: Knowledge, trade: Trade, looked: Observation): Conclusion {
  const { book, memory } = view;
  const brokerOrder = trade.order;
  if (memory.goneOrders.has(brokerOrder) || book.endedOrders.some((order) => order.brokerOrder === brokerOrder))
    return noNews;
  const known = book.orders[brokerOrder];
  return known ? amended(view, known, trade, looked) : appeared(view, trade, looked);
}

function amended(view: Knowledge, known: BookOrder, trade: Trade, { at, inferred }: Observation): Conclusion {
  const { openPrice: price, stopLoss, takeProfit, expiresAt } = trade;
  if (
    price === known.price &&
    stopLoss === known.stopLoss &&
    takeProfit === known.takeProfit &&
    expiresAt === known.expiresAt
  )
    return noNews;
  const terms = { price, stopLoss, takeProfit, expiresAt };
  const { orderId } = known;
  const fact = factOf(
    view.account,
    { type: 'OrderAmended', data: { orderId, ...terms, inferred } },
    { key: orderId, ordinal: known.amendments + 1, content: terms },
    at,
    amendmentOf(view, known) ?? known,
  );
  return { facts: [fact] };
}

const amendmentOf = (view: Knowledge, { orderId }: BookOrder): Cause | null =>
  Object.values(view.book.requests).find(
    ({ ask, status }) =>
      status !== 'requested' &&
      ask.type === 'AmendmentRequested' &&
      ask.data.terms.target === 'order' &&
      ask.data.terms.orderId === orderId,
  ) ?? null;

function appeared(view: Knowledge, trade: Trade, looked: Observation): Conclusion {
  const order = orderOf(view, trade.order, trade.customComment);
  if (order === null && !looked.late && mayBeOurs(view, trade)) return waitFor('order');
  const contract = view.contractOf(trade.symbol);
  if (contract === null) return waitFor('instrument');

  const brokerOrder = trade.order;
  const orderId = order?.orderId ?? foreignOrderIdOf(view.account, brokerOrder);
  const acceptance = order ? accepted(view, order, trade, brokerOrder, looked) : { facts: [], cause: null };
  const data = {
    orderId,
    brokerOrder,
    instrument: trade.symbol,
    contract: { ...contract, digits: trade.digits },
    side: sideOf(trade),
    kind: kindOf(trade),
    volumeLots: trade.volumeLots,
    price: trade.openPrice,
    stopLoss: trade.stopLoss,
    takeProfit: trade.takeProfit,
    expiresAt: trade.expiresAt,
    comment: trade.customComment,
    inferred: looked.inferred,
  };
  const working = factOf(
    view.account,
    { type: 'OrderWorking', data },
    { key: orderId },
    trade.openedAt,
    acceptance.cause,
  );
  return { facts: [...acceptance.facts, working] };
}

/**
 * Why an order left the broker's book, as far as it can be told without asking: filled (then it is gone from ours too),
 * cancelled by us, or, once nothing else can still come, expired (wire-behaviour §6, type 1 Deleted).
 */
export function translateGoneOrder(view: Knowledge, brokerOrder: string, looked: Observation): Conclusion {
  const known = view.book.orders[brokerOrder];
  if (!known) return noNews;
  const cancellation = cancellationOf(view, known);
  if (cancellation?.status === 'accepted') return { facts: [cancelled(view, known, 'user', cancellation, looked)] };
  if (!looked.late) return waitFor('order');
  if (known.expiresAt !== null && known.expiresAt <= looked.at) return { facts: [expired(view, known, looked)] };
  return waitFor('position');
}

export const cancellationOf = (view: Knowledge, { orderId }: BookOrder) =>
  Object.values(view.book.requests).find(
    ({ ask }) => ask.type === 'CancellationRequested' && ask.data.orderId === orderId,
  );

export function cancelled(
  { account }: Knowledge,
  { orderId }: BookOrder,
  reason: 'user' | 'trigger-failed' | 'unknown',
  cause: Cause,
  { at, inferred }: Observation,
): Fact {
  const data = { orderId, reason, inferred };
  return factOf(account, { type: 'OrderCancelled', data }, { key: orderId }, at, cause);
}

export function expired({ account }: Knowledge, known: BookOrder, { at, inferred }: Observation): Fact {
  const { orderId } = known;
  const data = { orderId, reason: 'expired' as const, evidence: null, inferred };
  return factOf(account, { type: 'OrderExpired', data }, { key: orderId }, known.expiresAt ?? at, known);
}
