import { unreachable } from '@core/kernel/unreachable';
import type { EventBody } from './event.ts';
import type { RequestKind } from './events/request.ts';
import {
  ACCOUNT_EVENTS,
  ignoring,
  POSITION_EVENTS,
  QUARANTINE_EVENTS,
  RESTRICTION_EVENTS,
  SIGNAL_EVENTS,
} from './ignoring.ts';
import type { RequestId } from './primitives.ts';

/**
 * `expired`: never sent, provably not executed, or (an order) run out at the broker.
 * `resolved`: an operator settled an unknown outcome.
 */
export type RequestStep = 'requested' | 'dispatched' | 'accepted' | 'rejected' | 'unknown' | 'expired' | 'resolved';

export interface RequestMention {
  readonly kind: RequestKind;
  readonly requestId: RequestId;
  readonly step: RequestStep;
}

const isNone = ignoring(
  'OrderWorking',
  'OrderAmended',
  'OrderFilled',
  'OrderCancelled',
  ...ACCOUNT_EVENTS,
  ...POSITION_EVENTS,
  ...SIGNAL_EVENTS,
  ...RESTRICTION_EVENTS,
  ...QUARANTINE_EVENTS,
);

/** Which step in the life of which request an event is; null for events that are none. */
export function requestOf(event: EventBody): RequestMention | null {
  if (isNone(event)) return null;
  switch (event.type) {
    case 'OrderRequested':
      return { kind: 'order', requestId: event.data.orderId, step: 'requested' };
    case 'OrderDispatched':
      return { kind: 'order', requestId: event.data.orderId, step: 'dispatched' };
    case 'OrderAccepted':
      return { kind: 'order', requestId: event.data.orderId, step: 'accepted' };
    case 'OrderRejected':
      return { kind: 'order', requestId: event.data.orderId, step: 'rejected' };
    case 'OrderOutcomeUnknown':
      return { kind: 'order', requestId: event.data.orderId, step: 'unknown' };
    case 'OrderExpired':
      return { kind: 'order', requestId: event.data.orderId, step: 'expired' };

    case 'AmendmentRequested':
      return { kind: 'amendment', requestId: event.data.requestId, step: 'requested' };
    case 'AmendmentDispatched':
      return { kind: 'amendment', requestId: event.data.requestId, step: 'dispatched' };
    case 'AmendmentAccepted':
      return { kind: 'amendment', requestId: event.data.requestId, step: 'accepted' };
    case 'AmendmentRejected':
      return { kind: 'amendment', requestId: event.data.requestId, step: 'rejected' };
    case 'AmendmentOutcomeUnknown':
      return { kind: 'amendment', requestId: event.data.requestId, step: 'unknown' };
    case 'AmendmentExpired':
      return { kind: 'amendment', requestId: event.data.requestId, step: 'expired' };

    case 'CancellationRequested':
      return { kind: 'cancellation', requestId: event.data.requestId, step: 'requested' };
    case 'CancellationDispatched':
      return { kind: 'cancellation', requestId: event.data.requestId, step: 'dispatched' };
    case 'CancellationAccepted':
      return { kind: 'cancellation', requestId: event.data.requestId, step: 'accepted' };
    case 'CancellationRejected':
      return { kind: 'cancellation', requestId: event.data.requestId, step: 'rejected' };
    case 'CancellationOutcomeUnknown':
      return { kind: 'cancellation', requestId: event.data.requestId, step: 'unknown' };
    case 'CancellationExpired':
      return { kind: 'cancellation', requestId: event.data.requestId, step: 'expired' };

    case 'CloseRequested':
      return { kind: 'close', requestId: event.data.requestId, step: 'requested' };
    case 'CloseDispatched':
      return { kind: 'close', requestId: event.data.requestId, step: 'dispatched' };
    case 'CloseAccepted':
      return { kind: 'close', requestId: event.data.requestId, step: 'accepted' };
    case 'CloseRejected':
      return { kind: 'close', requestId: event.data.requestId, step: 'rejected' };
    case 'CloseOutcomeUnknown':
      return { kind: 'close', requestId: event.data.requestId, step: 'unknown' };
    case 'CloseExpired':
      return { kind: 'close', requestId: event.data.requestId, step: 'expired' };

    case 'OrderResolvedByOperator':
      return { kind: event.data.kind, requestId: event.data.requestId, step: 'resolved' };

    default:
      return unreachable(event);
  }
}
