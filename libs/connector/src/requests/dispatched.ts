import type { Instant, Uuid } from '@core/contracts/primitives';
import { kindOf, type BookRequest } from '@core/projections/broker-book/state';
import type { Fact } from '@core/execution/fact';

/** The event that the ledger committed when it granted a claim, as far as the answer tells it. */
export const dispatchedBy = (
  { requestId, ask, correlationid, lastEventId }: BookRequest,
  eventId: Uuid,
  connector: string,
  time: Instant,
): Fact => ({
  id: eventId,
  time,
  correlationid,
  causationid: lastEventId,
  type: 'RequestDispatched',
  data: { kind: kindOf(ask), requestId, connector },
});
