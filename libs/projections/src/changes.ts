import type { Recorded, RecordedEvent } from '@core/contracts/event';
import type { RejectionReason, RequestKind } from '@core/contracts/events/request';
import type { Instant, RequestId } from '@core/contracts/primitives';
import { momentOf, type Moment } from './moment.ts';

/** What an order and a position have in common: people ask the broker to change them. */
export interface Changeable {
  /** Requests to change it whose outcome is not known yet. */
  openRequests: RequestId[];
  /** The last no of the broker; null once a later request of the same kind ended otherwise. */
  rejection: Rejection | null;
  /** Its last change. */
  updated: Moment;
}

interface Rejection {
  /** What was refused: the thing itself, or a change to it. */
  kind: RequestKind;
  reason: RejectionReason;
  brokerCode: string | null;
  text: string | null;
  at: Instant;
}

/** A change that somebody asked for: what it is, and of which thing. */
export interface RequestedChange<Kind extends RequestKind> {
  kind: Kind;
  id: string;
}

interface Changes<Kind extends RequestKind> {
  readonly things: Readonly<Record<string, Changeable>>;
  readonly requests: Record<RequestId, RequestedChange<Kind>>;
}

/** A change was asked for; of a thing that never appeared there is nothing to change. */
export function asked<Kind extends RequestKind>(
  { things, requests }: Changes<Kind>,
  requestId: RequestId,
  change: RequestedChange<Kind>,
  event: RecordedEvent,
): void {
  const thing = things[change.id];
  if (!thing) return;
  requests[requestId] = change;
  thing.openRequests.push(requestId);
  thing.updated = momentOf(event);
}

/** The request has its outcome. One that is about no thing of these changes nothing. */
export function answered<Kind extends RequestKind>(
  { things, requests }: Changes<Kind>,
  event: Recorded<'RequestAccepted' | 'RequestRejected' | 'RequestExpired' | 'RequestResolved'>,
): void {
  const { requestId } = event.data;
  const change = requests[requestId];
  delete requests[requestId];
  const thing = change && things[change.id];
  if (!thing) return;
  thing.openRequests = thing.openRequests.filter((each) => each !== requestId);
  thing.updated = momentOf(event);
  if (event.type === 'RequestRejected') {
    const { reason, brokerCode, text } = event.data;
    thing.rejection = { kind: change.kind, reason, brokerCode, text, at: event.time };
  } else if (thing.rejection?.kind === change.kind) {
    thing.rejection = null;
  }
}
