import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import { fieldAt, isSameJson, type FieldPath } from '@core/kernel/json-difference';
import type { AnyProjection } from './build-states.ts';

/** Two folds of one account's events, side by side. */
export interface Divergence {
  /** The states after the last event. */
  readonly left: unknown;
  readonly right: unknown;
  /** For each field that was asked for, the event since which the two differ in it; null where they do not. */
  readonly since: readonly (RecordedEvent | null)[];
}

/** Folds an account's events by two projections up to a position, and says where they part in each of these fields. */
export async function divergence(
  log: EventLog,
  [leftFold, rightFold]: readonly [AnyProjection, AnyProjection],
  account: AccountId,
  { to, fields }: { readonly to: number; readonly fields: readonly FieldPath[] },
): Promise<Divergence> {
  const [left, right] = [leftFold.initial(), rightFold.initial()];
  const since = fields.map((): RecordedEvent | null => null);
  for await (const page of log.readAccount(account, 0, { position: to }))
    for (const event of page) {
      leftFold.evolve(left, event);
      rightFold.evolve(right, event);
      for (const [index, path] of fields.entries())
        since[index] = isSameJson(fieldAt(left, path), fieldAt(right, path)) ? null : (since[index] ?? event);
    }
  return { left, right, since };
}
