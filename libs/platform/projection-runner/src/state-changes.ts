import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import { differences, fieldAt, isSameJson, type FieldDifference } from '@core/kernel/json-difference';
import type { Projection } from '@core/kernel/projection';

/** A field that is not what it was: before (`left`) and after (`right`), and the events that made it so. */
export interface FieldChange extends FieldDifference {
  /** The first event that changed it, and the one that left it as it is. */
  readonly first: RecordedEvent;
  readonly last: RecordedEvent;
  /** How many events changed it. */
  readonly times: number;
}

/** What became of an account's state from one position of the log, its event included, up to another, included too. */
export async function stateChanges<State>(
  log: EventLog,
  projection: Projection<State, RecordedEvent>,
  account: AccountId,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<FieldChange[]> {
  const state = projection.initial();
  let version = 0;
  for await (const page of log.readAccount(account, 0, { position: from }))
    for (const event of page) {
      projection.evolve(state, event);
      version = event.version;
    }
  const before = structuredClone(state);
  const walked = structuredClone(state);
  for await (const page of log.readAccount(account, version, { position: to }))
    for (const event of page) projection.evolve(state, event);

  const fields = differences(before, state).map((field) => new WatchedField(field));
  for await (const page of log.readAccount(account, version, { position: to }))
    for (const event of page) {
      projection.evolve(walked, event);
      for (const field of fields) field.look(walked, event);
    }
  return fields.flatMap((field) => field.change ?? []);
}

class WatchedField {
  change: FieldChange | null = null;
  private value: unknown;

  constructor(private readonly field: FieldDifference) {
    this.value = field.left;
  }

  look(state: unknown, event: RecordedEvent): void {
    const value = fieldAt(state, this.field.path);
    if (isSameJson(value, this.value)) return;
    this.value = structuredClone(value);
    const { first = event, times = 0 } = this.change ?? {};
    this.change = { ...this.field, first, last: event, times: times + 1 };
  }
}
