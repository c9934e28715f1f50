import type { Instant, RequestId } from '@core/contracts/primitives';
import { subtract, ZERO } from '@core/kernel/decimal';
import type { BookOrder, BookPosition, BookRequest } from '@core/projections/broker-book/state';
import { causeOf, factOf, type Cause, type Fact } from '../fact.ts';
import type { Reconciliation } from './reconciliation.ts';
import { acceptance } from '../facts/request-outcome.ts';
import { cancellationOf, cancelledFact, expiredFact } from '../facts/order-facts.ts';
import { fillFact } from '../facts/position-facts.ts';
import { awaitsOutcome, numberOf, type Knowledge } from '../knowledge.ts';
import type { PositionReport } from '../report.ts';

/** Positions of the book that the broker does not list any more, or lists with less volume, and no deal says why. */
export function tellMissingPositions(reconciliation: Reconciliation): void {
  const { tracker, positions } = reconciliation;
  for (const [number, known] of Object.entries(tracker.book.positions)) {
    const left = tracker.memory.remainders.get(number);
    const isWhole = left === undefined ? positions.has(number) : left.volumeLots === known.volumeLots;
    if (isWhole) tracker.memory.missingSince.delete(number);
    else if (reconciliation.continued.has(number)) continue;
    else if (!reconciliation.isNewer(number) && reconciliation.isConfirmed(number))
      tellMissing(reconciliation, number, known, left);
  }
}

function tellMissing(
  { tracker, now }: Reconciliation,
  number: string,
  known: BookPosition,
  left: PositionReport | undefined,
): void {
  const { account } = tracker;
  const close = closeOf(Object.values(tracker.book.requests), known);
  const proof =
    close && acceptance(account, close, numberOf(tracker, close), 'the position changed, in two reads', now.at);
  const cause = proof ? causeOf(proof) : known;
  const requestId = close?.requestId ?? null;
  if (proof) tracker.tell([proof]);
  const { swap, commission, volumeLots, price } = known;
  if (left) {
    const { volumeLots: remainingLots, position: brokerPosition } = left;
    const { swap: remainingSwap, commission: remainingCommission } = left;
    const data = {
      ...unexplained(known, requestId),
      price: left.closePrice,
      volumeLots: subtract(volumeLots, remainingLots),
      swap: subtract(swap, remainingSwap),
      commission: subtract(commission, remainingCommission),
      ...{ remainingLots, brokerPosition, remainingSwap, remainingCommission },
    };
    const reduced = factOf(account, { type: 'PositionReduced', data }, keyOf(known), now.at, cause);
    if (tracker.tell([reduced]).length === 0) tracker.memory.remainders.delete(number);
  } else {
    tracker.tell([
      closedUnexplained(tracker, known, { volumeLots, price, swap, commission }, now.at, cause, requestId),
    ]);
  }
}

type Over = Pick<BookPosition, 'volumeLots' | 'price' | 'swap' | 'commission'>;

/** A position that is over, and no deal says how. */
export function closedUnexplained(
  { account }: Knowledge,
  known: BookPosition,
  over: Over,
  closedAt: Instant,
  cause: Cause = known,
  requestId: RequestId | null = null,
): Fact {
  const data = { ...unexplained(known, requestId), ...over, closedAt };
  return factOf(account, { type: 'PositionClosed', data }, keyOf(known), closedAt, cause);
}

const unexplained = ({ positionId }: BookPosition, requestId: RequestId | null) => ({
  positionId,
  deal: '',
  profit: ZERO,
  reason: 'reconciled' as const,
  requestId,
  inferred: true,
});

const keyOf = ({ positionId, deals }: BookPosition) => ({ key: `${positionId}|`, ordinal: deals.length + 1 });

/** Orders of the book that the broker does not list any more: filled, expired or cancelled. */
export function tellGoneOrders(reconciliation: Reconciliation): void {
  for (const [number, known] of Object.entries(reconciliation.tracker.book.orders)) {
    if (reconciliation.orders.has(number)) reconciliation.tracker.memory.missingSince.delete(number);
    else tellGone(reconciliation, number, known);
  }
}

function tellGone(reconciliation: Reconciliation, number: string, known: BookOrder): void {
  const { tracker, observation } = reconciliation;
  const mark = tracker.memory.goneOrders.get(number);
  if (!mark && reconciliation.isNewer(number)) return;

  const fill = reconciliation.fillOf(number);
  const filled = fill && tracker.book.positions[fill.position];
  if (filled && filled.orderId !== known.orderId && known.filledLots === ZERO) {
    // Its position was told before anyone knew which order it came from.
    const order = { orderId: known.orderId, signal: known.signal, cause: known, unaccepted: null };
    tracker.tell([fillFact(tracker, order, fill, known, observation)]);
    return;
  }
  const cancellation = cancellationOf(tracker, known);
  if (cancellation && awaitsOutcome(cancellation)) return;
  if (!mark && !reconciliation.isConfirmed(number)) return;

  if (cancellation?.status === 'accepted')
    tracker.tell([cancelledFact(tracker, known, 'user', cancellation, observation)]);
  else if (known.expiresAt !== null && known.expiresAt <= observation.at)
    tracker.tell([expiredFact(tracker, known, observation)]);
  else
    tracker.tell([cancelledFact(tracker, known, mark?.triggering ? 'trigger-failed' : 'unknown', known, observation)]);
}

const closeOf = (requests: readonly BookRequest[], { positionId }: BookPosition): BookRequest | undefined =>
  requests.find(
    (request) =>
      awaitsOutcome(request) && request.ask.type === 'CloseRequested' && request.ask.data.positionId === positionId,
  );
