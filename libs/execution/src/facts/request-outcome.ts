import type { EventBody } from '@core/contracts/event';
import type { AccountId, Instant } from '@core/contracts/primitives';
import { unreachable } from '@core/kernel/unreachable';
import type { BookRequest } from '../broker-book.ts';
import { factOf, type Fact } from '../fact.ts';
import type { BrokerRejection } from '../report.ts';

const TEXT_MAX = 512;

export type Doubt = 'timeout' | 'connection-lost' | 'connector-restart' | 'broker-error' | 'mixed-evidence';

/** The broker executed it. `evidence` says what was seen where no answer came. */
export function acceptance(
  account: AccountId,
  request: BookRequest,
  brokerRequest: string | null,
  evidence: string | null,
  at: Instant,
): Fact {
  const { requestId } = request;
  const data = { brokerRequest, evidence: evidence?.slice(0, TEXT_MAX) ?? null };
  return outcome(account, request, at, (kind) => {
    switch (kind) {
      case 'OrderRequested':
        return { type: 'OrderAccepted', data: { orderId: requestId, ...data } };
      case 'AmendmentRequested':
        return { type: 'AmendmentAccepted', data: { requestId, ...data } };
      case 'CancellationRequested':
        return { type: 'CancellationAccepted', data: { requestId, ...data } };
      case 'CloseRequested':
        return { type: 'CloseAccepted', data: { requestId, ...data } };
      default:
        return unreachable(kind);
    }
  });
}

/** The broker's no. */
export function rejection(account: AccountId, request: BookRequest, said: BrokerRejection, at: Instant): Fact {
  const { requestId } = request;
  const { reason, brokerCode, text } = said;
  const data = { reason, brokerCode: brokerCode || null, text: text?.slice(0, TEXT_MAX) || null };
  return outcome(account, request, at, (kind) => {
    switch (kind) {
      case 'OrderRequested':
        return { type: 'OrderRejected', data: { orderId: requestId, ...data } };
      case 'AmendmentRequested':
        return { type: 'AmendmentRejected', data: { requestId, ...data } };
      case 'CancellationRequested':
        return { type: 'CancellationRejected', data: { requestId, ...data } };
      case 'CloseRequested':
        return { type: 'CloseRejected', data: { requestId, ...data } };
      default:
        return unreachable(kind);
    }
  });
}

/** Nobody knows whether the broker did it. */
export function doubt(account: AccountId, request: BookRequest, cause: Doubt, at: Instant): Fact {
  const { requestId } = request;
  return outcome(account, request, at, (kind) => {
    switch (kind) {
      case 'OrderRequested':
        return { type: 'OrderOutcomeUnknown', data: { orderId: requestId, cause } };
      case 'AmendmentRequested':
        return { type: 'AmendmentOutcomeUnknown', data: { requestId, cause } };
      case 'CancellationRequested':
        return { type: 'CancellationOutcomeUnknown', data: { requestId, cause } };
      case 'CloseRequested':
        return { type: 'CloseOutcomeUnknown', data: { requestId, cause } };
      default:
        return unreachable(kind);
    }
  });
}

/** The broker provably never did it. */
export function notExecuted(account: AccountId, request: BookRequest, evidence: string, at: Instant): Fact {
  const { requestId } = request;
  const data = { reason: 'not-executed' as const, evidence: evidence.slice(0, TEXT_MAX) };
  return outcome(account, request, at, (kind) => {
    switch (kind) {
      case 'OrderRequested':
        return { type: 'OrderExpired', data: { orderId: requestId, ...data, inferred: true } };
      case 'AmendmentRequested':
        return { type: 'AmendmentExpired', data: { requestId, ...data } };
      case 'CancellationRequested':
        return { type: 'CancellationExpired', data: { requestId, ...data } };
      case 'CloseRequested':
        return { type: 'CloseExpired', data: { requestId, ...data } };
      default:
        return unreachable(kind);
    }
  });
}

/** A request has each kind of outcome once; doubts are told apart by their cause. */
function outcome(
  account: AccountId,
  request: BookRequest,
  at: Instant,
  say: (kind: BookRequest['ask']['type']) => EventBody,
): Fact {
  const happening = say(request.ask.type);
  const content = 'cause' in happening.data ? { cause: happening.data.cause } : {};
  return factOf(account, happening, { key: request.requestId, content }, at, request);
}
