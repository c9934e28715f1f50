import { foreignOrderIdOf } from '@core/contracts/fact-id';
import { toMs } from '@core/kernel/instant';
import { orderLife, type BookOrder, type BrokerBook } from '@core/projections/broker-book/state';
import { factOf, type Cause, type Fact } from '../fact.ts';
import {
  awaitsOutcome,
  commentLeft,
  noNews,
  waitFor,
  type Conclusion,
  type Knowledge,
  type Observation,
} from '../knowledge.ts';
import type { OrderReport } from '../report.ts';
import { provenAcceptance, mayBeOurs, knownOrderOf, type KnownOrder } from './known-order.ts';

/** What follows from a limit or stop order that stands as the report says. */
export function orderFacts(knowledge: Knowledge, report: OrderReport, observation: Observation): Conclusion {
  const { book, memory } = knowledge;
  const { order } = report;
  if (memory.goneOrders.has(order) || hasEnded(book, order)) return noNews;
  const known = book.orders[order];
  return known ? amended(knowledge, known, report, observation) : appeared(knowledge, report, observation);
}

/** Whether an order of this number stood and ended. */
export const hasEnded = ({ orders, endedOrders }: BrokerBook, order: string): boolean =>
  !(order in orders) && endedOrders.some(({ brokerOrder }) => brokerOrder === order);

function amended(
  knowledge: Knowledge,
  known: BookOrder,
  { price, stopLoss, takeProfit, trailingPoints, expiresAt, comment }: OrderReport,
  { at, inferred }: Observation,
): Conclusion {
  if (
    price === known.price &&
    stopLoss === known.stopLoss &&
    takeProfit === known.takeProfit &&
    trailingPoints === known.trailingPoints &&
    expiresAt === known.expiresAt
  )
    return noNews;
  const terms = { price, stopLoss, takeProfit, trailingPoints, expiresAt };
  const { orderId } = known;
  const fact = factOf(
    knowledge.account,
    { type: 'OrderAmended', data: { orderId, ...terms, comment: commentLeft(known, comment), inferred } },
    { key: orderId, ordinal: known.amendments + 1, content: terms },
    at,
    amendmentOf(knowledge, known) ?? known,
  );
  return { facts: [fact] };
}

const amendmentOf = (knowledge: Knowledge, { orderId }: BookOrder): Cause | null =>
  Object.values(knowledge.book.requests).find(
    ({ ask, status }) =>
      status !== 'requested' &&
      ask.type === 'AmendmentRequested' &&
      ask.data.terms.target === 'order' &&
      ask.data.terms.orderId === orderId,
  ) ?? null;

function appeared(knowledge: Knowledge, report: OrderReport, observation: Observation): Conclusion {
  const order = knownOrderOf(knowledge, report.order, report.comment);
  if (order === null && !observation.late && mayBeOurs(knowledge, report)) return waitFor('order');
  return workingFacts(knowledge, report, order, observation);
}

/** An order that was told ended stands again, or always did: another one to everybody who saw it end. */
export function worksAgainFacts(knowledge: Knowledge, report: OrderReport, observation: Observation): Conclusion {
  const { order, placedAt } = report;
  const life = orderLife(knowledge.book, order, placedAt);
  return workingFacts(knowledge, report, null, observation, order in knowledge.book.orders ? life + 1 : life);
}

function workingFacts(
  knowledge: Knowledge,
  report: OrderReport,
  order: KnownOrder | null,
  observation: Observation,
  life = orderLife(knowledge.book, report.order, report.placedAt),
): Conclusion {
  const { account } = knowledge;
  const { order: brokerOrder, instrument, digits, side, kind, volumeLots, price, placedAt } = report;
  const { stopLoss, takeProfit, trailingPoints, expiresAt, comment } = report;
  const contract = knowledge.contractOf(instrument);
  if (contract === null) return waitFor('instrument');

  const orderId = order?.orderId ?? foreignOrderIdOf(account, brokerOrder, life);
  const found = { as: brokerOrder, at: placedAt };
  const acceptance = order
    ? provenAcceptance(knowledge, order, brokerOrder, found, observation)
    : { facts: [], cause: null };
  const data = {
    orderId,
    brokerOrder,
    instrument,
    contract: { ...contract, digits },
    side,
    kind,
    volumeLots,
    price,
    stopLoss,
    takeProfit,
    trailingPoints,
    expiresAt,
    comment,
    inferred: observation.inferred,
  };
  const since = life === 1 ? placedAt : observation.at;
  const working = factOf(account, { type: 'OrderWorking', data }, { key: orderId }, since, acceptance.cause);
  return { facts: [...acceptance.facts, working] };
}

/**
 * Why an order left the broker's book, as far as it can be told without asking: filled (then it is gone from ours too),
 * cancelled by us, or, once nothing else can still come, expired; or by somebody else, where `isCalm`: no record of it
 * was on its way.
 */
export function goneOrderFacts(
  knowledge: Knowledge,
  brokerOrder: string,
  { isCalm, ...observation }: Observation & { readonly isCalm: boolean },
): Conclusion {
  const known = knowledge.book.orders[brokerOrder];
  if (!known) return noNews;
  const cancellation = cancellationOf(knowledge, known);
  if (cancellation?.status === 'accepted')
    return { facts: [cancelledFact(knowledge, known, 'user', cancellation, observation)] };
  if (isCalm && isPlainlyCancelled(knowledge, brokerOrder, known, observation))
    return { facts: [cancelledFact(knowledge, known, 'unknown', known, observation)] };
  if (!observation.late) return waitFor('order');
  if (known.expiresAt !== null && known.expiresAt <= observation.at)
    return { facts: [expiredFact(knowledge, known, observation)] };
  return waitFor('position');
}

/** Before how long a broker's clock may let an order expire. */
const EARLY_MS = 5_000;

/** A broker tells an order once more before it triggers it: one that is gone without that was cancelled there. */
function isPlainlyCancelled(knowledge: Knowledge, brokerOrder: string, known: BookOrder, { at }: Observation): boolean {
  const { memory } = knowledge;
  const cancellation = cancellationOf(knowledge, known);
  const mayBeOurs = cancellation !== undefined && awaitsOutcome(cancellation);
  const mayExpire = known.expiresAt !== null && toMs(known.expiresAt) - toMs(at) < EARLY_MS;
  const isFilling = memory.held.some(({ report }) => report.about === 'position' && report.origin === brokerOrder);
  return !mayBeOurs && !mayExpire && !isFilling && memory.goneOrders.get(brokerOrder)?.triggering === false;
}

export const cancellationOf = (knowledge: Knowledge, { orderId }: BookOrder) =>
  Object.values(knowledge.book.requests).find(
    ({ ask }) => ask.type === 'CancellationRequested' && ask.data.orderId === orderId,
  );

export function cancelledFact(
  { account }: Knowledge,
  { orderId }: BookOrder,
  reason: 'user' | 'trigger-failed' | 'unknown',
  cause: Cause,
  { at, inferred }: Observation,
): Fact {
  const data = { orderId, reason, inferred };
  return factOf(account, { type: 'OrderCancelled', data }, { key: orderId }, at, cause);
}

export function expiredFact({ account }: Knowledge, known: BookOrder, { at, inferred }: Observation): Fact {
  const { orderId } = known;
  const data = { orderId, inferred };
  return factOf(account, { type: 'OrderExpired', data }, { key: orderId }, known.expiresAt ?? at, known);
}
