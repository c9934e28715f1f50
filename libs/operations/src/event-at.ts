import type { RecordedEvent } from '@core/contracts/event';
import type { EventLog } from '@core/event-log/event-log';
import { present } from '@core/kernel/present';

/** The event at a position that the log has. */
export async function eventAt(log: EventLog, position: number): Promise<RecordedEvent> {
  for await (const [event] of log.read(position - 1)) return present(event, `a page of the log is empty`);
  throw new Error(`the log ends before ${position}`);
}
