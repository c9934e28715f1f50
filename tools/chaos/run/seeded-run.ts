import { setTimeout as pause } from 'node:timers/promises';
import { FAULTS } from '../faults/faults.ts';
import { plannedText, planFaults, type FaultPlan, type PlannedFault } from '../schedule/plan-faults.ts';
import { startChaosSystem, type ChaosSystem } from './chaos-system.ts';
import { inRunFolder } from './run-folder.ts';
import { HEALED_WITHIN_MS, runOutcomeOf } from './run-outcome.ts';
import { faultLine, type RunResult } from './run-report.ts';

const BEGIN_AGAIN_MS = 200;

export interface SeededRun extends FaultPlan {
  readonly hasStandby: boolean;
  readonly say: (line: string) => void;
}

/** One run from start to end: load, faults, rest, and what the checker says of it. */
export function seededRun(options: SeededRun): Promise<RunResult> {
  const { seed, kinds, hasStandby, say } = options;
  const faults = planFaults(options);
  return inRunFolder(async (folder) => {
    const hasClock = kinds.includes('clock');
    const system = await startChaosSystem({ folder, seed, hasStandby, hasClock, say });
    try {
      await doAll(system, faults, say);
      return { seed, faults, ...(await runOutcomeOf(system.load, folder, say)) };
    } finally {
      await system.stop();
    }
  });
}

/** One after the other, each at its time or when the one before has ended; none waits for another's healing. */
async function doAll(
  { victims, load }: ChaosSystem,
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
    load.sights.healing.ended(plannedText(fault));
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
