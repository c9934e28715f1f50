import type { Instant, Uuid } from '@core/contracts/primitives';
import { unreachable } from '@core/kernel/unreachable';
import type { BookRequest } from '@core/execution/broker-book';
import type { Fact } from '@core/execution/fact';

/** The event that the ledger committed when it granted a claim, as far as the answer tells it. */
export function dispatchedBy(
  { requestId, ask, correlationid, lastEventId }: BookRequest,
  eventId: Uuid,
  connector: string,
  time: Instant,
): Fact {
  const envelope = { id: eventId, time, correlationid, causationid: lastEventId };
  switch (ask.type) {
    case 'OrderRequested':
      return { ...envelope, type: 'OrderDispatched', data: { orderId: requestId, connector } };
    case 'AmendmentRequested':
      return { ...envelope, type: 'AmendmentDispatched', data: { requestId, connector } };
    case 'CancellationRequested':
      return { ...envelope, type: 'CancellationDispatched', data: { requestId, connector } };
    case 'CloseRequested':
      return { ...envelope, type: 'CloseDispatched', data: { requestId, connector } };
    default:
      return unreachable(ask);
  }
}
