import { unreachable } from '@core/kernel/unreachable';
import type { BookRequest, BrokerBook } from '@core/projections/broker-book/state';
import { factOf } from '../fact.ts';
import { judge, type Finding } from './lost-response.ts';
import type { Reconciliation } from './reconciliation.ts';
import { acceptance, doubt, notExecuted } from '../facts/request-outcome.ts';
import { cancelledFact } from '../facts/order-facts.ts';
import { fillFact } from '../facts/position-facts.ts';
import { awaitsOutcome, numberOf } from '../knowledge.ts';

/** Requests whose answer was lost, and orders that were executed and left no trace. */
export function settleRequests(reconciliation: Reconciliation): void {
  for (const request of Object.values(reconciliation.tracker.book.requests)) {
    const sinceSentMs = reconciliation.options.sinceSentMs(request);
    if (request.status === 'accepted') settleAccepted(reconciliation, request, sinceSentMs ?? 0);
    else if (awaitsOutcome(request) && sinceSentMs !== null)
      settleLost(reconciliation, request, findingOn(reconciliation, request, sinceSentMs));
  }
}

function findingOn(reconciliation: Reconciliation, request: BookRequest, sinceSentMs: number): Finding {
  const { tracker, snapshot, options } = reconciliation;
  const number = targetOf(tracker.book, request.ask);
  const target =
    number === null ? undefined : (reconciliation.positions.get(number) ?? reconciliation.orders.get(number));
  const first = tracker.memory.tracelessSince.get(request.requestId);
  return judge(
    request,
    {
      target: target ?? null,
      standing: number !== null,
      filled: number !== null && reconciliation.fillOf(number) !== undefined,
    },
    {
      sinceSentMs,
      sinceFirstReadMs: first === undefined ? null : snapshot.askedMs - first,
    },
    options.patience,
  );
}

function settleLost(reconciliation: Reconciliation, request: BookRequest, finding: Finding): void {
  const { tracker, now, snapshot, observation } = reconciliation;
  const { account, memory } = tracker;
  switch (finding.is) {
    case 'executed': {
      tracker.tell([acceptance(account, request, numberOf(tracker, request), finding.evidence, now.at)]);
      if (request.ask.type !== 'CancellationRequested') return;
      const order = tracker.book.orders[targetOf(tracker.book, request.ask) ?? ''];
      const cause = tracker.book.requests[request.requestId] ?? request;
      if (order) tracker.tell([cancelledFact(tracker, order, 'user', cause, observation)]);
      return;
    }
    case 'not-executed':
      tracker.tell([notExecuted(account, request, finding.evidence, now.at)]);
      return;
    case 'mixed':
      if (!memory.disputedSince.has(request.requestId))
        tracker.tell([doubt(account, request, 'mixed-evidence', now.at)]);
      memory.disputedSince.set(request.requestId, snapshot.askedMs);
      return;
    case 'look-again':
      reconciliation.lookAgain = true;
      if (!memory.tracelessSince.has(request.requestId)) memory.tracelessSince.set(request.requestId, snapshot.askedMs);
      return;
    default:
      unreachable(finding);
  }
}

/** The broker says it is done, and nothing shows it: its fill was told as somebody else's, or there never was one. */
function settleAccepted(reconciliation: Reconciliation, request: BookRequest, sinceSentMs: number): void {
  const { tracker, now, options, observation } = reconciliation;
  if (request.ask.type !== 'OrderRequested') return;
  const { orderId, signal } = request.ask.data;
  const fill = reconciliation.fillOf(numberOf(tracker, request));
  if (fill) {
    if (tracker.book.positions[fill.position]?.orderId === orderId) return;
    tracker.tell([
      fillFact(tracker, { orderId, signal, cause: request, unaccepted: null }, fill, request, observation),
    ]);
    return;
  }
  if (sinceSentMs < options.patience.settleMs) reconciliation.lookAgain = true;
  else if (reconciliation.isConfirmed(orderId)) {
    const data = { orderId, reason: 'unknown' as const, inferred: true };
    tracker.tell([factOf(tracker.account, { type: 'OrderCancelled', data }, { key: orderId }, now.at, request)]);
  }
}

/** Where the thing that a request is about stands by the book; null for a new order, and for what is gone. */
function targetOf({ numbers }: BrokerBook, ask: BookRequest['ask']): string | null {
  switch (ask.type) {
    case 'OrderRequested':
      return null;
    case 'CancellationRequested':
      return numbers[ask.data.orderId] ?? null;
    case 'CloseRequested':
      return numbers[ask.data.positionId] ?? null;
    case 'AmendmentRequested': {
      const { terms } = ask.data;
      return numbers[terms.target === 'order' ? terms.orderId : terms.positionId] ?? null;
    }
    default:
      return unreachable(ask);
  }
}
