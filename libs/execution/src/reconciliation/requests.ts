import { unreachable } from '@core/kernel/unreachable';
import type { BookRequest, BrokerBook } from '../broker-book.ts';
import { factOf } from '../fact.ts';
import { judge, type Finding } from './lost-response.ts';
import type { Reconciliation } from './reconcile.ts';
import { acceptance, doubt, notExecuted } from '../facts/request-outcome.ts';
import { cancelled } from '../facts/order-facts.ts';
import { filled } from '../facts/position-facts.ts';
import { awaitsOutcome, numberOf } from '../knowledge.ts';

/** Requests whose answer was lost, and orders that were executed and left no trace (wire-behaviour §9 and §10.18). */
export function settleRequests(bench: Reconciliation): void {
  for (const request of Object.values(bench.desk.book.requests)) {
    const sinceSentMs = bench.options.sinceSentMs(request);
    if (request.status === 'accepted') settleAccepted(bench, request, sinceSentMs ?? 0);
    else if (awaitsOutcome(request) && sinceSentMs !== null)
      settleLost(bench, request, verdictOn(bench, request, sinceSentMs));
  }
}

function verdictOn(bench: Reconciliation, request: BookRequest, sinceSentMs: number): Finding {
  const { desk, read, options } = bench;
  const number = targetOf(desk.book, request.ask);
  const target = number === null ? undefined : (bench.positions.get(number) ?? bench.orders.get(number));
  const first = desk.memory.tracelessSince.get(request.requestId);
  return judge(
    request,
    {
      target: target ?? null,
      standing: number !== null,
      filled: number !== null && bench.fillOf(number) !== undefined,
    },
    {
      sinceSentMs,
      sinceFirstReadMs: first === undefined ? null : read.askedMs - first,
    },
    options.patience,
  );
}

function settleLost(bench: Reconciliation, request: BookRequest, verdict: Finding): void {
  const { desk, now, read, looked } = bench;
  const { account, memory } = desk;
  switch (verdict.is) {
    case 'executed': {
      desk.tell([acceptance(account, request, numberOf(desk, request), verdict.evidence, now.at)]);
      if (request.ask.type !== 'CancellationRequested') return;
      const order = desk.book.orders[targetOf(desk.book, request.ask) ?? ''];
      const cause = desk.book.requests[request.requestId] ?? request;
      if (order) desk.tell([cancelled(desk, order, 'user', cause, looked)]);
      return;
    }
    case 'not-executed':
      desk.tell([notExecuted(account, request, verdict.evidence, now.at)]);
      return;
    case 'mixed':
      if (!memory.disputed.has(request.requestId)) desk.tell([doubt(account, request, 'mixed-evidence', now.at)]);
      memory.disputed.add(request.requestId);
      return;
    case 'look-again':
      bench.lookAgain = true;
      if (!memory.tracelessSince.has(request.requestId)) memory.tracelessSince.set(request.requestId, read.askedMs);
      return;
    default:
      unreachable(verdict);
  }
}

/** The broker says it is done, and nothing shows it: its fill was told as somebody else's, or there never was one. */
function settleAccepted(bench: Reconciliation, request: BookRequest, sinceSentMs: number): void {
  const { desk, now, options, looked } = bench;
  if (request.ask.type !== 'OrderRequested') return;
  const { orderId, signal } = request.ask.data;
  const fill = bench.fillOf(numberOf(desk, request));
  if (fill) {
    if (desk.book.positions[fill.position]?.orderId === orderId) return;
    desk.tell([filled(desk, { orderId, signal, cause: request, unaccepted: null }, fill, request, looked)]);
    return;
  }
  if (sinceSentMs < options.patience.settleMs) bench.lookAgain = true;
  else if (bench.isConfirmed(orderId)) {
    const data = { orderId, reason: 'unknown' as const, inferred: true };
    desk.tell([factOf(desk.account, { type: 'OrderCancelled', data }, { key: orderId }, now.at, request)]);
  }
}

/** Where the thing that a request is about stands by the book; null for a new order, and for what is gone. */
function targetOf({ positions, orders }: BrokerBook, ask: BookRequest['ask']): string | null {
  const position = (id: string): string | null =>
    Object.keys(positions).find((number) => positions[number]?.positionId === id) ?? null;
  const order = (id: string): string | null =>
    Object.keys(orders).find((number) => orders[number]?.orderId === id) ?? null;
  switch (ask.type) {
    case 'OrderRequested':
      return null;
    case 'CancellationRequested':
      return order(ask.data.orderId);
    case 'CloseRequested':
      return position(ask.data.positionId);
    case 'AmendmentRequested':
      return ask.data.terms.target === 'order' ? order(ask.data.terms.orderId) : position(ask.data.terms.positionId);
    default:
      return unreachable(ask);
  }
}
