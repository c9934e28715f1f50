import type { EventBody, Recorded, RecordedEvent } from '@core/contracts/event';
import type { NotSentCause, RejectionReason, Requester } from '@core/contracts/events/request';
import type { RequestId } from '@core/contracts/primitives';
import type { Projection } from '@core/kernel/projection';
import { unreachable } from '@core/kernel/unreachable';
import { end, forgetEnded, type Endable, type Ended } from '@core/projections/ended';
import { changesNoRequest } from '@core/projections/requests';

/** The name by which requests of sessions are known in the log. */
export const SESSION_EDGE = 'ws-session';

export type TradeRequestName = 'place_order' | 'update_order' | 'cancel_order' | 'close_position' | 'update_position';

/** `accepted`, `rejected` and `expired` are ends; an order that proves to stand after all is accepted after its end. */
export type SessionRequestState = 'requested' | 'sent' | 'unknown' | 'accepted' | 'rejected' | 'expired';

/** Why a request came to nothing: the broker's no, or why it was not sent or not executed. */
export type FailureReason = RejectionReason | NotSentCause | EventBody<'RequestExpired'>['data']['reason'];

/** What a session asked of the broker, and what became of it. */
export interface SessionRequest extends Endable {
  id: RequestId;
  name: TradeRequestName;
  /** The client's own name for it. */
  processId: string;
  state: SessionRequestState;
  why: FailureReason | null;
  /** The broker's words to its no. */
  text: string | null;
}

export interface SessionRequests {
  /** Those without an end, and the ended ones for a day. */
  requests: Record<RequestId, SessionRequest>;
  ended: Ended[];
  /** The one whose state the last event changed; null is none. */
  latest: RequestId | null;
}

const ENDS: ReadonlySet<SessionRequestState> = new Set(['accepted', 'rejected', 'expired']);

export const isEnd = (state: SessionRequestState): boolean => ENDS.has(state);

/** What sessions asked of an account's broker. */
export const sessionRequests: Projection<SessionRequests, RecordedEvent> = {
  name: 'ws-session-requests',
  version: 1,

  initial: () => ({ requests: {}, ended: [], latest: null }),

  evolve(state, event) {
    state.latest = null;
    forgetEnded(state.ended, state.requests, event.recordedtime);
    if (changesNoRequest(event)) return;

    switch (event.type) {
      case 'OrderRequested':
        return asked(state, event.data.orderId, 'place_order', event.data.requester);
      case 'AmendmentRequested': {
        const { requestId, terms, requester } = event.data;
        return asked(state, requestId, terms.target === 'order' ? 'update_order' : 'update_position', requester);
      }
      case 'CancellationRequested':
        return asked(state, event.data.requestId, 'cancel_order', event.data.requester);
      case 'CloseRequested':
        return asked(state, event.data.requestId, 'close_position', event.data.requester);

      case 'RequestDispatched':
        return become(state, event, event.data.requestId, { state: 'sent' });
      case 'RequestOutcomeUnknown':
        return become(state, event, event.data.requestId, { state: 'unknown' });
      case 'RequestAccepted':
        return become(state, event, event.data.requestId, { state: 'accepted' });
      case 'RequestRejected': {
        const { requestId, reason: why, text } = event.data;
        return become(state, event, requestId, { state: 'rejected', why, text });
      }
      case 'RequestExpired': {
        const { requestId, reason, cause } = event.data;
        return become(state, event, requestId, { state: 'expired', why: cause ?? reason });
      }
      case 'RequestResolved':
        return become(
          state,
          event,
          event.data.requestId,
          event.data.executed ? { state: 'accepted' } : { state: 'expired', why: 'not-executed' },
        );

      // A fact that names the request says that it arrived, whatever was said of it before.
      case 'OrderWorking':
      case 'OrderFilled':
      case 'OrderCancelled':
      case 'OrderExpired':
        return become(state, event, event.data.orderId, { state: 'accepted' });
      case 'PositionReduced':
      case 'PositionClosed':
        if (event.data.requestId !== null) become(state, event, event.data.requestId, { state: 'accepted' });
        return;
      default:
        return unreachable(event);
    }
  },
};

function asked(state: SessionRequests, id: RequestId, name: TradeRequestName, { edge, reference }: Requester): void {
  if (edge !== SESSION_EDGE) return;
  state.requests[id] = {
    ...{ id, name, processId: reference ?? '', state: 'requested' },
    ...{ why: null, text: null, keptUntil: null },
  };
  state.latest = id;
}

type Outcome = Pick<SessionRequest, 'state'> & Partial<Pick<SessionRequest, 'why' | 'text'>>;

/** Once accepted it stays so: what comes late about it is about what it led to. */
function become(
  state: SessionRequests,
  { recordedtime }: Recorded<RecordedEvent['type']>,
  id: RequestId,
  { state: now, why = null, text = null }: Outcome,
): void {
  const request = state.requests[id];
  if (!request || request.state === now || request.state === 'accepted') return;
  Object.assign(request, { state: now, why, text });
  if (isEnd(now)) end(state.ended, id, request, recordedtime);
  state.latest = id;
}
