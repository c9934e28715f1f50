import type { PositionId } from '@core/contracts/primitives';
import { add, compare, subtract, sum } from '@core/kernel/decimal';
import { isClosed, type BookPosition, type BookRequest } from '@core/projections/broker-book/state';
import { causeOf, factOf, type Cause, type Fact } from '../fact.ts';
import {
  awaitsOutcome,
  noNews,
  numberOf,
  waitFor,
  type Conclusion,
  type Knowledge,
  type Observation,
} from '../knowledge.ts';
import type { DealReport, PositionReport } from '../report.ts';
import { acceptance } from './request-outcome.ts';

/**
 * The closing deals of one position that are not told yet, oldest first. Together they must explain what became of it:
 * either nothing remains, or the remainder that was seen does.
 */
export function dealFacts(
  knowledge: Knowledge,
  brokerPosition: string,
  seen: readonly DealReport[],
  observation: Observation,
): Conclusion {
  const known = knowledge.book.positions[brokerPosition];
  if (isClosed(knowledge.book, brokerPosition)) return noNews;
  if (!known) return waitFor('position');
  const deals = seen.filter((deal) => isUntold(known, deal));
  if (deals.length === 0) return noNews;

  const closedLots = sum(deals.map(({ volumeLots }) => volumeLots));
  const whole = compare(closedLots, known.volumeLots) >= 0;
  const remainder = knowledge.memory.remainders.get(brokerPosition);
  const explained = remainder !== undefined && add(remainder.volumeLots, closedLots) === known.volumeLots;
  if (!whole && !explained) return waitFor('remainder');
  if (!observation.late && deals.some((deal) => isAwaited(knowledge, known.positionId, deal)))
    return waitFor('receipt');

  /** A position that was closed in part more than once may have had a number of its own in between. */
  const numberAfter = (next: DealReport | undefined): string => next?.position ?? remainder?.position ?? brokerPosition;
  const facts: Fact[] = [];
  let left: Remaining = known;
  let cause: Cause = known;
  for (const [index, deal] of deals.entries()) {
    const last = whole && index === deals.length - 1;
    left = remaining(left, deal);
    // What the broker says of the remainder is nearer than what is left by our sums.
    if (explained && index === deals.length - 1) left = { ...left, commission: remainder.commission };
    const told = last
      ? closed(knowledge, known, deal, cause, observation)
      : reduced(knowledge, known, deal, left, numberAfter(deals[index + 1]), cause, observation);
    facts.push(...told);
    const end = told.at(-1);
    if (end) cause = causeOf(end);
  }
  if (explained && remainder.swap !== left.swap)
    facts.push(charged(knowledge, known, left, remainder, cause, observation));
  return { facts };
}

/** Whether a deal closed some of this position and is not told yet. */
export const isUntold = ({ deals, since }: BookPosition, { deal, closedAt }: DealReport): boolean =>
  !deals.includes(deal) && (since === null || closedAt === null || closedAt >= since);

type Remaining = Pick<BookPosition, 'volumeLots' | 'swap' | 'commission'>;

const remaining = (of: Remaining, deal: DealReport): Remaining => ({
  volumeLots: subtract(of.volumeLots, deal.volumeLots),
  swap: subtract(of.swap, deal.swap),
  commission: subtract(of.commission, deal.commission),
});

/** A charge that fell together with the deals: neither they nor the book know it. */
function charged(
  { account }: Knowledge,
  { positionId, swapCharges }: BookPosition,
  left: Remaining,
  { swap }: PositionReport,
  cause: Cause,
  { at, inferred }: Observation,
): Fact {
  const data = { positionId, swap, delta: subtract(swap, left.swap), inferred };
  const key = { key: positionId, ordinal: swapCharges + 1, content: { swap } };
  return factOf(account, { type: 'PositionSwapCharged', data }, key, at, cause);
}

function closed(
  knowledge: Knowledge,
  known: BookPosition,
  deal: DealReport,
  cause: Cause,
  observation: Observation,
): Fact[] {
  const { common, acceptance, from } = partsOf(knowledge, known, deal, cause, observation);
  const closedAt = deal.closedAt ?? observation.at;
  const data = { ...common, closedAt };
  const fact = factOf(knowledge.account, { type: 'PositionClosed', data }, keyOf(known, deal), closedAt, from);
  return [...acceptance, fact];
}

function reduced(
  knowledge: Knowledge,
  known: BookPosition,
  deal: DealReport,
  left: Remaining,
  brokerPosition: string,
  cause: Cause,
  observation: Observation,
): Fact[] {
  const { common, acceptance, from } = partsOf(knowledge, known, deal, cause, observation);
  const { volumeLots: remainingLots, swap: remainingSwap, commission: remainingCommission } = left;
  const data = { ...common, remainingLots, brokerPosition, remainingSwap, remainingCommission };
  const time = deal.closedAt ?? observation.at;
  return [...acceptance, factOf(knowledge.account, { type: 'PositionReduced', data }, keyOf(known, deal), time, from)];
}

const keyOf = ({ positionId }: BookPosition, { deal }: DealReport) => ({ key: `${positionId}|${deal}` });

/** What both ends of a deal say, and the close request of ours it fulfils, with the acceptance that it proves. */
function partsOf(
  knowledge: Knowledge,
  { positionId }: BookPosition,
  report: DealReport,
  cause: Cause,
  { inferred }: Observation,
) {
  const { deal, volumeLots, closePrice: price, profit, swap, commission, reason } = report;
  const request = closeOf(knowledge, positionId, report);
  const acceptance =
    request && request.status !== 'accepted' ? [closeAccepted(knowledge, request, report, inferred)] : [];
  const proof = acceptance[0];
  const requestId = request?.requestId ?? null;
  const common = { positionId, deal, volumeLots, price, profit, swap, commission, reason, requestId, inferred };
  return { common, acceptance, from: proof ? causeOf(proof) : (request ?? cause) };
}

function closeAccepted(knowledge: Knowledge, request: BookRequest, deal: DealReport, inferred: boolean): Fact {
  const evidence = inferred ? `closing deal ${deal.deal} in the broker's history` : null;
  return acceptance(knowledge.account, request, deal.request, evidence, deal.closedAt ?? request.requestedAt);
}

const closesOf = (knowledge: Knowledge, positionId: PositionId): BookRequest[] =>
  Object.values(knowledge.book.requests).filter(
    ({ ask, status }) => status !== 'requested' && ask.type === 'CloseRequested' && ask.data.positionId === positionId,
  );

/** The close of ours behind a deal: by the broker's number, or, while that is unknown, by what it asked for. */
function closeOf(knowledge: Knowledge, positionId: PositionId, deal: DealReport): BookRequest | null {
  const closes = closesOf(knowledge, positionId);
  const numbered = closes.find((request) => numberOf(knowledge, request) === deal.request);
  if (numbered || deal.reason !== 'user') return numbered ?? null;
  return closes.find((request) => numberOf(knowledge, request) === null && asksFor(request, deal)) ?? null;
}

/** A person's deal while a close of ours is sent and its number not told: the receipt says whose it is. */
function isAwaited(knowledge: Knowledge, positionId: PositionId, deal: DealReport): boolean {
  if (deal.reason !== 'user') return false;
  const closes = closesOf(knowledge, positionId);
  if (closes.some((request) => numberOf(knowledge, request) === deal.request)) return false;
  return closes.some(
    (request) => awaitsOutcome(request) && numberOf(knowledge, request) === null && asksFor(request, deal),
  );
}

const asksFor = ({ ask }: BookRequest, { volumeLots }: DealReport): boolean =>
  ask.type === 'CloseRequested' && compare(ask.data.volumeLots, volumeLots) >= 0;
