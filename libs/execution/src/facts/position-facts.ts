import { positionIdOf } from '@core/contracts/fact-id';
import { compare, subtract } from '@core/kernel/decimal';
import { isClosed, type BookPosition } from '../broker-book.ts';
import { causeOf, factOf, type Cause, type Fact } from '../fact.ts';
import { accepted, mayBeOurs, orderOf, type KnownOrder } from './known-order.ts';
import { sideOf, type Trade } from '@core/xapi/translate/sighting';
import {
  noNews,
  numberOf,
  waitFor,
  type Observation,
  type Remainder,
  type Conclusion,
  type Knowledge,
} from '../knowledge.ts';

/** A record that says a position stands as it says (wire-behaviour §6, type 0 Modified, or an entry of `getTrades`). */
export function translatePosition(view: Knowledge, trade: Trade, looked: Observation): Conclusion {
  const { book, memory } = view;
  if (memory.closing.has(trade.position) || isClosed(book, trade.position)) return noNews;
  const known = book.positions[trade.position];
  return known ? changed(view, known, trade, looked) : appeared(view, trade, looked);
}

function changed(view: Knowledge, known: BookPosition, trade: Trade, looked: Observation): Conclusion {
  const facts: Fact[] = [];
  const { account } = view;
  const { positionId } = known;
  const { stopLoss, takeProfit, trailingPoints } = trade;
  const { inferred } = looked;
  let cause: Cause = known;

  if (stopLoss !== known.stopLoss || takeProfit !== known.takeProfit || trailingPoints !== known.trailingPoints) {
    const protection = { stopLoss, takeProfit, trailingPoints };
    const amended = factOf(
      account,
      { type: 'PositionAmended', data: { positionId, ...protection, inferred } },
      { key: positionId, ordinal: known.amendments + 1, content: protection },
      looked.at,
      amendmentOf(view, known) ?? cause,
    );
    facts.push(amended);
    cause = causeOf(amended);
  }
  if (trade.swap !== known.swap) {
    const data = { positionId, swap: trade.swap, delta: subtract(trade.swap, known.swap), inferred };
    const key = { key: positionId, ordinal: known.swapCharges + 1, content: { swap: trade.swap } };
    facts.push(factOf(account, { type: 'PositionSwapCharged', data }, key, looked.at, known));
  }
  const shrunk = compare(trade.volumeLots, known.volumeLots) < 0;
  return shrunk ? { facts, rest: restOf(trade.position, trade) } : { facts };
}

/** The amendment of ours that explains a change, whether it arrived in one record or step by step. */
const amendmentOf = (view: Knowledge, { positionId }: BookPosition): Cause | null =>
  Object.values(view.book.requests).find(
    ({ ask, status }) =>
      status !== 'requested' &&
      ask.type === 'AmendmentRequested' &&
      ask.data.terms.target === 'position' &&
      ask.data.terms.positionId === positionId,
  ) ?? null;

function appeared(view: Knowledge, trade: Trade, looked: Observation): Conclusion {
  const continued = continuedBy(view, trade);
  if (continued !== null) return { ...waitFor('deal'), rest: restOf(continued, trade) };
  // Opened and closed, or opened and closed in part? Only a snapshot tells.
  if (view.memory.deals.has(trade.position) && !looked.inferred) return waitFor('position');

  const order = orderOf(view, trade.order2, trade.customComment);
  if (order === null && !looked.late && mayBeOurs(view, trade)) return waitFor('order');
  return opened(view, trade, order, looked);
}

/** A position that stands and was never told of, with the fill that made it where an order did. */
export function opened(view: Knowledge, trade: Trade, order: KnownOrder | null, looked: Observation): Conclusion {
  const contract = view.contractOf(trade.symbol);
  if (contract === null) return waitFor('instrument');
  const { account } = view;
  const { inferred } = looked;
  const positionId = positionIdOf(account, trade.position);
  const facts: Fact[] = [];
  let cause: Cause | null = null;

  if (order !== null) {
    const acceptance = accepted(view, order, trade, trade.order2, looked);
    const fill = filled(view, order, trade, acceptance.cause, looked);
    facts.push(...acceptance.facts, fill);
    cause = causeOf(fill);
  }
  const data = {
    positionId,
    brokerPosition: trade.position,
    orderId: order?.orderId ?? null,
    instrument: trade.symbol,
    contract: { ...contract, digits: trade.digits },
    side: sideOf(trade),
    volumeLots: trade.volumeLots,
    price: trade.openPrice,
    openedAt: trade.openedAt,
    stopLoss: trade.stopLoss,
    takeProfit: trade.takeProfit,
    commission: trade.commission,
    swap: trade.swap,
    comment: trade.customComment,
    signal: order?.signal ?? null,
    inferred,
  };
  facts.push(factOf(account, { type: 'PositionOpened', data }, { key: positionId }, trade.openedAt, cause));
  return { facts };
}

/** One order may fill as several positions: the fill is named by both (wire-behaviour §4). */
export function filled(
  { account }: Knowledge,
  { orderId }: KnownOrder,
  trade: Trade,
  cause: Cause,
  looked: Observation,
): Fact {
  const positionId = positionIdOf(account, trade.position);
  const { volumeLots, openPrice: price } = trade;
  const data = { orderId, positionId, volumeLots, price, inferred: looked.inferred };
  return factOf(account, { type: 'OrderFilled', data }, { key: `${orderId}|${positionId}` }, trade.openedAt, cause);
}

/**
 * The position that this unknown one goes on from, where a partial close renumbers: its `order2` is the old position or
 * the closing request (wire-behaviour §7.12), or it carries the mark of an order whose position is just being closed.
 */
function continuedBy(view: Knowledge, trade: Trade): string | null {
  const { positions, requests } = view.book;
  const like = (number: string): boolean =>
    positions[number]?.instrument === trade.symbol && positions[number].side === sideOf(trade);
  if (like(trade.order2)) return trade.order2;

  const close = Object.values(requests).find(
    (request) => request.ask.type === 'CloseRequested' && numberOf(view, request) === trade.order2,
  );
  const closed = close?.ask.type === 'CloseRequested' ? close.ask.data.positionId : null;
  const found = Object.entries(positions).find(
    ([number, { positionId, price, comment }]) =>
      like(number) &&
      (positionId === closed ||
        (view.memory.closing.has(number) &&
          comment !== null &&
          comment === trade.customComment &&
          price === trade.openPrice)),
  );
  return found?.[0] ?? null;
}

const restOf = (position: string, trade: Trade): Remainder => ({ position, brokerPosition: trade.position, trade });
