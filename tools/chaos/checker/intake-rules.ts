import type { RunRecord } from './run-record.ts';
import type { Violation } from './violation.ts';

/** What was received is recorded, or was set aside; nothing waits once all is quiet. */
export function accounted({ log, intake }: RunRecord): Violation[] {
  const recorded = new Set(log.map(({ id }) => id));
  const say = (what: string): Violation => ({ rule: 'accounted', position: null, what });
  const lost = intake.messages.flatMap(({ sequence, eventIds, cases }) => [
    ...eventIds
      .filter((id) => !recorded.has(id))
      .map((id) => say(`event ${id} came as message ${sequence} and is not in the log`)),
    ...cases
      .filter((id) => !intake.quarantined.has(id))
      .map((id) => say(`what message ${sequence} cannot have recorded was not set aside (${id})`)),
  ]);
  if (intake.taken === intake.last) return lost;
  return [...lost, say(`the intake goes to ${intake.last}, and the ledger has taken it up to ${intake.taken}`)];
}
