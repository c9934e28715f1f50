import { present } from '@core/kernel/present';
import { within } from '@core/machine/within';
import { checkRun } from '../checker/check-run.ts';
import type { Healing, RunRecord } from '../checker/run-record.ts';
import type { Violation } from '../checker/violation.ts';
import { lookAtRun, type Sights } from './look-at-run.ts';
import { rebuildHistory } from './rebuilt-history.ts';
import type { SystemUnderLoad } from './system-under-load.ts';

/** A bound against never, far from what a quiet machine needs. */
export const HEALED_WITHIN_MS = 300_000;
/** So long may the last request wait for its outcome, and the last reader for its frames. */
const REST_MS = 300_000;

/** What a run left behind, and what the checker says of it. */
export interface RunOutcome {
  /** Orders and signals that clients were told are taken. */
  readonly taken: number;
  /** Events whose senders were told their places. */
  readonly confirmed: number;
  readonly events: number;
  readonly healings: readonly Healing[];
  readonly violations: readonly Violation[];
}

/** Nobody breaks anything any more: waits until it is healed and has come to rest, and checks all of it. */
export async function runOutcomeOf(
  { sights, calm }: SystemUnderLoad,
  folder: string,
  say: (line: string) => void,
): Promise<RunOutcome> {
  const { healing } = sights;
  if (!(await within(HEALED_WITHIN_MS, () => healing.isHealed))) say(`  not well: ${healing.unwell}`);
  await calm();
  await rebuildHistory(folder);
  const { record, violations } = await comeToRest(sights);
  const { acknowledged, log, healings } = record;
  const places = acknowledged.flatMap((each) => (each.of === 'event' ? [each.position] : []));
  return {
    ...{ taken: acknowledged.length - places.length, confirmed: new Set(places).size, events: log.length },
    ...{ healings, violations },
  };
}

interface Seen {
  readonly record: RunRecord;
  readonly violations: readonly Violation[];
}

/** Looks until nothing is broken any more; what still is after a while stays so. */
async function comeToRest(sights: Sights): Promise<Seen> {
  const seen: Seen[] = [];
  await within(REST_MS, async () => {
    const record = await lookAtRun(sights).catch(() => null);
    if (record === null) return false;
    const violations = checkRun(record, { healedWithinMs: HEALED_WITHIN_MS });
    seen.splice(0, 1, { record, violations });
    return violations.length === 0;
  });
  return present(seen[0], 'nobody could look at what this run left behind');
}
