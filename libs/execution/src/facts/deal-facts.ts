import type { PositionId } from '@core/contracts/primitives';
import { add, compare, subtract, sum } from '@core/kernel/decimal';
import { isClosed, type BookPosition, type BookRequest } from '../broker-book.ts';
import { closeReasonOf } from '@core/xapi/translate/close-reason';
import { causeOf, factOf, type Cause, type Fact } from '../fact.ts';
import type { Trade } from '@core/xapi/translate/sighting';
import {
  awaitsOutcome,
  noNews,
  numberOf,
  waitFor,
  type Observation,
  type Conclusion,
  type Knowledge,
} from '../knowledge.ts';

/**
 * The closing deals of one position that are not told yet, oldest first (wire-behaviour §6, type 2, or `getTradesHistory`).
 * Together they must explain what became of it: either nothing remains, or the rest that was seen does.
 */
export function translateDeals(
  view: Knowledge,
  brokerPosition: string,
  seen: readonly Trade[],
  looked: Observation,
): Conclusion {
  const known = view.book.positions[brokerPosition];
  if (isClosed(view.book, brokerPosition)) return noNews;
  if (!known) return waitFor('position');
  const deals = seen.filter(({ order }) => !known.deals.includes(order));
  if (deals.length === 0) return noNews;

  const closedLots = sum(deals.map(({ volumeLots }) => volumeLots));
  const whole = compare(closedLots, known.volumeLots) >= 0;
  const rest = view.memory.rests.get(brokerPosition);
  const explained = rest !== undefined && add(rest.trade.volumeLots, closedLots) === known.volumeLots;
  if (!whole && !explained) return waitFor('rest');
  if (!looked.late && deals.some((deal) => isAwaited(view, known.positionId, deal))) return waitFor('reply');

  const facts: Fact[] = [];
  let remainingLots = known.volumeLots;
  let cause: Cause = known;
  for (const [index, deal] of deals.entries()) {
    const last = whole && index === deals.length - 1;
    remainingLots = subtract(remainingLots, deal.volumeLots);
    const told = last
      ? closed(view, known, deal, cause, looked)
      : reduced(view, known, deal, remainingLots, rest?.brokerPosition ?? brokerPosition, cause, looked);
    facts.push(...told);
    const end = told.at(-1);
    if (end) cause = causeOf(end);
  }
  return { facts };
}

function closed(view: Knowledge, known: BookPosition, deal: Trade, cause: Cause, looked: Observation): Fact[] {
  const { common, acceptance, from } = dealOf(view, known, deal, cause, looked);
  const closedAt = deal.closedAt ?? looked.at;
  const data = { ...common, closedAt, swap: deal.swap, commission: deal.commission };
  return [...acceptance, factOf(view.account, { type: 'PositionClosed', data }, keyOf(known, deal), closedAt, from)];
}

function reduced(
  view: Knowledge,
  known: BookPosition,
  deal: Trade,
  remainingLots: Trade['volumeLots'],
  brokerPosition: string,
  cause: Cause,
  looked: Observation,
): Fact[] {
  const { common, acceptance, from } = dealOf(view, known, deal, cause, looked);
  const data = { ...common, remainingLots, brokerPosition };
  const time = deal.closedAt ?? looked.at;
  return [...acceptance, factOf(view.account, { type: 'PositionReduced', data }, keyOf(known, deal), time, from)];
}

const keyOf = ({ positionId }: BookPosition, deal: Trade) => ({ key: `${positionId}|${deal.order}` });

/** What both ends of a deal say, and the close request of ours it fulfils, with the acceptance that it proves. */
function dealOf(view: Knowledge, { positionId }: BookPosition, deal: Trade, cause: Cause, { inferred }: Observation) {
  const reason = closeReasonOf(deal.comment);
  const request = closeOf(view, positionId, deal);
  const acceptance = request && request.status !== 'accepted' ? [closeAccepted(view, request, deal, inferred)] : [];
  const proof = acceptance[0];
  const common = {
    positionId,
    deal: deal.order,
    volumeLots: deal.volumeLots,
    price: deal.closePrice,
    profit: deal.profit,
    reason,
    requestId: request?.requestId ?? null,
    inferred,
  };
  return { common, acceptance, from: proof ? causeOf(proof) : (request ?? cause) };
}

function closeAccepted(view: Knowledge, request: BookRequest, deal: Trade, inferred: boolean): Fact {
  const { requestId } = request;
  const evidence = inferred ? `closing deal ${deal.order} in the broker's history` : null;
  const data = { requestId, brokerRequest: deal.order2, evidence };
  const time = deal.closedAt ?? request.requestedAt;
  return factOf(view.account, { type: 'CloseAccepted', data }, { key: requestId }, time, request);
}

const closesOf = (view: Knowledge, positionId: PositionId): BookRequest[] =>
  Object.values(view.book.requests).filter(
    ({ ask, status }) => status !== 'requested' && ask.type === 'CloseRequested' && ask.data.positionId === positionId,
  );

/** The close of ours behind a deal: by the broker's number, or, while that is unknown, by what it asked for. */
function closeOf(view: Knowledge, positionId: PositionId, deal: Trade): BookRequest | null {
  const closes = closesOf(view, positionId);
  const numbered = closes.find((request) => numberOf(view, request) === deal.order2);
  if (numbered || closeReasonOf(deal.comment) !== 'user') return numbered ?? null;
  return closes.find((request) => numberOf(view, request) === null && asksFor(request, deal)) ?? null;
}

/** A person's deal while a close of ours is sent and its number not told: the reply says whose it is. */
function isAwaited(view: Knowledge, positionId: PositionId, deal: Trade): boolean {
  if (closeReasonOf(deal.comment) !== 'user') return false;
  const closes = closesOf(view, positionId);
  if (closes.some((request) => numberOf(view, request) === deal.order2)) return false;
  return closes.some((request) => awaitsOutcome(request) && numberOf(view, request) === null && asksFor(request, deal));
}

const asksFor = ({ ask }: BookRequest, { volumeLots }: Trade): boolean =>
  ask.type === 'CloseRequested' && compare(ask.data.volumeLots, volumeLots) >= 0;
