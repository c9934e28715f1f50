import type { AccountId, Uuid } from '@core/contracts/primitives';

/** Where it is heard that the log refused an event for good: the way to the log is built before those who use it. */
export class RefusedEvents {
  listener: (account: AccountId, eventId: Uuid) => void = () => undefined;
}
