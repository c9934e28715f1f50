import { positionIdOf } from '@core/contracts/fact-id';
import { compare, subtract } from '@core/kernel/decimal';
import { toMs } from '@core/kernel/instant';
import { isClosed, positionLife, type BookPosition } from '@core/projections/broker-book/state';
import { causeOf, factOf, type Cause, type Fact } from '../fact.ts';
import {
  commentLeft,
  noNews,
  numberOf,
  waitFor,
  type Conclusion,
  type Knowledge,
  type Observation,
} from '../knowledge.ts';
import type { PositionReport } from '../report.ts';
import { provenAcceptance, mayBeOurs, knownOrderOf, type KnownOrder } from './known-order.ts';

/** What follows from a position that stands as the report says. */
export function positionFacts(knowledge: Knowledge, report: PositionReport, observation: Observation): Conclusion {
  const { book, memory } = knowledge;
  const { position } = report;
  if (memory.closing.has(position) || isClosed(book, position)) return noNews;
  const known = book.positions[position];
  return known ? changed(knowledge, known, report, observation) : appeared(knowledge, report, observation);
}

function changed(
  knowledge: Knowledge,
  known: BookPosition,
  report: PositionReport,
  { at, inferred }: Observation,
): Conclusion {
  const facts: Fact[] = [];
  const { account } = knowledge;
  const { positionId } = known;
  const { stopLoss, takeProfit, trailingPoints, swap, comment } = report;

  if (stopLoss !== known.stopLoss || takeProfit !== known.takeProfit || trailingPoints !== known.trailingPoints) {
    const protection = { stopLoss, takeProfit, trailingPoints };
    const amended = factOf(
      account,
      { type: 'PositionAmended', data: { positionId, ...protection, comment: commentLeft(known, comment), inferred } },
      { key: positionId, ordinal: known.amendments + 1, content: protection },
      at,
      amendmentOf(knowledge, known) ?? known,
    );
    facts.push(amended);
  }
  const shrunk = compare(report.volumeLots, known.volumeLots) < 0;
  // Of what was closed the deal tells the swap.
  if (swap !== known.swap && !shrunk) {
    const data = { positionId, swap, delta: subtract(swap, known.swap), inferred };
    const key = { key: positionId, ordinal: known.swapCharges + 1, content: { swap } };
    facts.push(factOf(account, { type: 'PositionSwapCharged', data }, key, at, known));
  }
  return shrunk ? { facts, remainderOf: report.position } : { facts };
}

/** Two records of one position may say of its opening times so far apart. */
const SAME_OPENING_MS = 1_000;

/** Whether two records may be of one position: its opening is what a partial close never changes. */
export const isOpenedAlike = (one: OpeningTerms, other: OpeningTerms): boolean =>
  one.instrument === other.instrument &&
  one.side === other.side &&
  one.price === other.price &&
  Math.abs(toMs(one.openedAt) - toMs(other.openedAt)) <= SAME_OPENING_MS;

export type OpeningTerms = Pick<PositionReport, 'instrument' | 'side' | 'price' | 'openedAt'>;

/** The amendment of ours that explains a change, whether it arrived in one report or step by step. */
const amendmentOf = (knowledge: Knowledge, { positionId }: BookPosition): Cause | null =>
  Object.values(knowledge.book.requests).find(
    ({ ask, status }) =>
      status !== 'requested' &&
      ask.type === 'AmendmentRequested' &&
      ask.data.terms.target === 'position' &&
      ask.data.terms.positionId === positionId,
  ) ?? null;

function appeared(knowledge: Knowledge, report: PositionReport, observation: Observation): Conclusion {
  const continued = continuedBy(knowledge, report);
  if (continued !== null) return { ...waitFor('deal'), remainderOf: continued };
  // Opened and closed, or opened and closed in part? Only a snapshot tells.
  if (knowledge.memory.deals.has(report.position) && !observation.inferred) return waitFor('position');

  const order = knownOrderOf(knowledge, report.origin, report.comment);
  if (order === null && !observation.late && mayBeOurs(knowledge, report)) return waitFor('order');
  return openingFacts(knowledge, report, order, observation);
}

/** A position that stands and was never told of, with the fill that made it where an order did. */
export function openingFacts(
  knowledge: Knowledge,
  report: PositionReport,
  order: KnownOrder | null,
  observation: Observation,
  life = positionLife(knowledge.book, report.position, report.openedAt),
): Conclusion {
  const contract = knowledge.contractOf(report.instrument);
  if (contract === null) return waitFor('instrument');
  const { account } = knowledge;
  const { position, instrument, digits, side, volumeLots, price, stopLoss, takeProfit, trailingPoints } = report;
  const positionId = positionIdOf(account, position, life);
  const facts: Fact[] = [];
  let cause: Cause | null = null;

  if (order !== null) {
    const found = { as: position, at: report.openedAt };
    const acceptance = provenAcceptance(knowledge, order, report.origin, found, observation);
    const fill = fillFact(knowledge, order, report, acceptance.cause, observation);
    facts.push(...acceptance.facts, fill);
    cause = causeOf(fill);
  }
  const data = {
    positionId,
    brokerPosition: position,
    orderId: order?.orderId ?? null,
    instrument,
    contract: { ...contract, digits },
    side,
    volumeLots,
    price,
    openedAt: report.openedAt,
    stopLoss,
    takeProfit,
    trailingPoints,
    commission: report.commission,
    swap: report.swap,
    comment: report.comment,
    signal: order?.signal ?? null,
    inferred: observation.inferred,
  };
  const since = life === 1 ? report.openedAt : observation.at;
  facts.push(factOf(account, { type: 'PositionOpened', data }, { key: positionId }, since, cause));
  return { facts };
}

/** A position of a number that was told closed stands again, or always did: another one to everybody who saw it end. */
export function standsAgainFacts(knowledge: Knowledge, report: PositionReport, observation: Observation): Conclusion {
  const { position, openedAt } = report;
  const life = positionLife(knowledge.book, position, openedAt);
  return openingFacts(knowledge, report, null, observation, position in knowledge.book.positions ? life + 1 : life);
}

/** One order may fill as several positions: the fill is named by both. */
export function fillFact(
  { account, book }: Knowledge,
  { orderId }: KnownOrder,
  { position, volumeLots, price, openedAt }: PositionReport,
  cause: Cause,
  { inferred }: Observation,
): Fact {
  const positionId = book.positions[position]?.positionId ?? positionIdOf(account, position);
  const data = { orderId, positionId, volumeLots, price, inferred };
  return factOf(account, { type: 'OrderFilled', data }, { key: `${orderId}|${positionId}` }, openedAt, cause);
}

/**
 * The position that this unknown one goes on from, where a partial close renumbers: its origin is the old position or
 * the close, or it was opened at the same moment and price as a position that is just being closed.
 */
function continuedBy(knowledge: Knowledge, report: PositionReport): string | null {
  const { origin, instrument, side, comment } = report;
  const { memory } = knowledge;
  const { positions, requests } = knowledge.book;
  const like = (number: string): boolean =>
    positions[number]?.instrument === instrument && positions[number].side === side;
  if (origin !== null && like(origin)) return origin;
  const dealt = [...memory.deals].find(([, deals]) => deals.some(({ request }) => request === origin));
  if (dealt && like(dealt[0])) return dealt[0];

  const close = Object.values(requests).find(
    (request) => request.ask.type === 'CloseRequested' && origin !== null && numberOf(knowledge, request) === origin,
  );
  const closed = close?.ask.type === 'CloseRequested' ? close.ask.data.positionId : null;
  const found = Object.entries(positions).find(
    ([number, known]) =>
      like(number) &&
      (known.positionId === closed ||
        (memory.closing.has(number) && known.comment === comment && isOpenedAlike(known, report))),
  );
  return found?.[0] ?? null;
}
