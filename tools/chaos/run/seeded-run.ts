import { present } from '@core/kernel/present';
import { within } from '@core/machine/within';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { checkRun } from '../checker/check-run.ts';
import type { RunRecord } from '../checker/run-record.ts';
import type { Violation } from '../checker/violation.ts';
import { FAULTS } from '../faults/faults.ts';
import { plannedText, planFaults, type FaultPlan, type PlannedFault } from '../schedule/plan-faults.ts';
import { startChaosSystem, type ChaosSystem } from './chaos-system.ts';
import { lookAtRun } from './look-at-run.ts';
import { rebuildHistory } from './rebuilt-history.ts';
import { faultLine, type RunResult } from './run-report.ts';

/** A bound against never, far from what a quiet machine needs. */
const HEALED_WITHIN_MS = 300_000;
/** So long may the last request wait for its outcome, and the last reader for its frames. */
const REST_MS = 300_000;
const BEGIN_AGAIN_MS = 200;

export interface SeededRun extends FaultPlan {
  readonly hasStandby: boolean;
  readonly say: (line: string) => void;
}

/** One run from start to end: load, faults, rest, and what the checker says of it. */
export async function seededRun(options: SeededRun): Promise<RunResult> {
  const { seed, kinds, hasStandby, say } = options;
  const faults = planFaults(options);
  const folder = mkdtempSync(join(tmpdir(), 'trading-core-chaos-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  let system: ChaosSystem | null = null;
  try {
    system = await startChaosSystem({ folder, seed, hasStandby, hasClock: kinds.includes('clock'), say });
    await doAll(system, faults, say);
    const { healing } = system.sights;
    if (!(await within(HEALED_WITHIN_MS, () => healing.isHealed))) say(`  not well: ${healing.unwell}`);
    await system.calm();
    await rebuildHistory(folder);
    const { record, violations } = await comeToRest(system);
    const { acknowledged, log, healings } = record;
    const confirmed = acknowledged.filter(({ of }) => of === 'event').length;
    const taken = acknowledged.length - confirmed;
    return { seed, faults, taken, confirmed, events: log.length, healings, violations };
  } finally {
    await system?.stop();
    remove();
    process.off('exit', remove);
  }
}

/** One after the other, each at its time or when the one before has ended; none waits for another's healing. */
async function doAll(
  { victims, sights }: ChaosSystem,
  faults: readonly PlannedFault[],
  say: (line: string) => void,
): Promise<void> {
  const beganMs = performance.now();
  for (const fault of faults) {
    await pause(Math.max(0, fault.atMs - (performance.now() - beganMs)));
    say(faultLine(fault));
    const end = await beginSoon(() => FAULTS[fault.kind](victims, fault.target));
    await pause(fault.forMs);
    await end();
    sights.healing.ended(plannedText(fault));
  }
}

/** What it is done to may be away for another fault's sake. */
async function beginSoon<End>(begin: () => Promise<End>): Promise<End> {
  const endMs = performance.now() + HEALED_WITHIN_MS;
  for (;;) {
    try {
      return await begin();
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await pause(BEGIN_AGAIN_MS);
    }
  }
}

interface Seen {
  readonly record: RunRecord;
  readonly violations: readonly Violation[];
}

/** Looks until nothing is broken any more; what still is after a while stays so. */
async function comeToRest({ sights }: ChaosSystem): Promise<Seen> {
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
