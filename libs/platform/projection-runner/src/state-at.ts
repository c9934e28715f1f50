import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import type { EventLog, Until } from '@core/event-log/event-log';
import { fold, type Projection } from '@core/kernel/projection';

/** Time travel: a projection's state of one account as it was, by the live fold stopped early. */
export async function stateAt<State>(
  log: EventLog,
  projection: Projection<State, RecordedEvent>,
  account: AccountId,
  until: Until = {},
): Promise<State> {
  const state = projection.initial();
  for await (const page of log.readAccount(account, 0, until)) fold(projection, page, state);
  return state;
}
