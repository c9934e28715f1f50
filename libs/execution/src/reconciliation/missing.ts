import { subtract, ZERO } from '@core/kernel/decimal';
import type { BookOrder, BookPosition, BookRequest } from '../broker-book.ts';
import { causeOf, factOf } from '../fact.ts';
import type { Reconciliation } from './reconcile.ts';
import { acceptance } from '../facts/request-outcome.ts';
import { cancellationOf, cancelled, expired } from '../facts/order-facts.ts';
import { filled } from '../facts/position-facts.ts';
import { awaitsOutcome, numberOf, type Remainder } from '../knowledge.ts';

/** Positions of the book that the broker does not list any more, or lists with less volume, and no deal says why. */
export function tellMissingPositions(bench: Reconciliation): void {
  const { desk, positions } = bench;
  for (const [number, known] of Object.entries(desk.book.positions)) {
    const rest = desk.memory.rests.get(number);
    const isWhole = rest === undefined ? positions.has(number) : rest.trade.volumeLots === known.volumeLots;
    if (isWhole) desk.memory.missingSince.delete(number);
    else if (!bench.isNewer(number) && bench.isConfirmed(number)) tellMissing(bench, known, rest);
  }
}

function tellMissing({ desk, now }: Reconciliation, known: BookPosition, rest: Remainder | undefined): void {
  const { account } = desk;
  const close = closeOf(Object.values(desk.book.requests), known);
  const proof =
    close && acceptance(account, close, numberOf(desk, close), 'the position changed, in two reads', now.at);
  const cause = proof ? causeOf(proof) : known;
  const common = {
    positionId: known.positionId,
    deal: '',
    price: rest?.trade.closePrice ?? known.price,
    profit: ZERO,
    reason: 'reconciled' as const,
    requestId: close?.requestId ?? null,
    inferred: true,
  };
  if (proof) desk.tell([proof]);
  const key = { key: `${known.positionId}|`, ordinal: known.deals.length + 1 };
  const { swap, commission, volumeLots } = known;
  if (rest) {
    const remainingLots = rest.trade.volumeLots;
    const closedLots = subtract(volumeLots, remainingLots);
    const data = { ...common, volumeLots: closedLots, remainingLots, brokerPosition: rest.brokerPosition };
    const told = desk.tell([factOf(account, { type: 'PositionReduced', data }, key, now.at, cause)]);
    if (told.length === 0) desk.memory.rests.delete(rest.position);
  } else {
    const data = { ...common, volumeLots, closedAt: now.at, swap, commission };
    desk.tell([factOf(account, { type: 'PositionClosed', data }, key, now.at, cause)]);
  }
}

/** Orders of the book that the broker does not list any more: filled, expired or cancelled. */
export function tellGoneOrders(bench: Reconciliation): void {
  for (const [number, known] of Object.entries(bench.desk.book.orders)) {
    if (bench.orders.has(number)) bench.desk.memory.missingSince.delete(number);
    else tellGone(bench, number, known);
  }
}

function tellGone(bench: Reconciliation, number: string, known: BookOrder): void {
  const { desk, looked } = bench;
  const mark = desk.memory.goneOrders.get(number);
  if (!mark && bench.isNewer(number)) return;

  const fill = bench.fillOf(number);
  if (fill && desk.book.positions[fill.position]) {
    // Its position was told before anyone knew which order it came from.
    const order = { orderId: known.orderId, signal: known.signal, cause: known, unaccepted: null };
    desk.tell([filled(desk, order, fill, known, looked)]);
    return;
  }
  const cancellation = cancellationOf(desk, known);
  if (cancellation && awaitsOutcome(cancellation)) return;
  if (!mark && !bench.isConfirmed(number)) return;

  if (cancellation?.status === 'accepted') desk.tell([cancelled(desk, known, 'user', cancellation, looked)]);
  else if (known.expiresAt !== null && known.expiresAt <= looked.at) desk.tell([expired(desk, known, looked)]);
  else desk.tell([cancelled(desk, known, mark?.triggering ? 'trigger-failed' : 'unknown', known, looked)]);
}

const closeOf = (requests: readonly BookRequest[], { positionId }: BookPosition): BookRequest | undefined =>
  requests.find(
    (request) =>
      awaitsOutcome(request) && request.ask.type === 'CloseRequested' && request.ask.data.positionId === positionId,
  );
