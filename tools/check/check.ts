import type { TestRun } from '../test/jest.ts';
import { runSteps } from './step.ts';
import { checkLanes, specs } from './steps.ts';

/** Runs every step, saying each as it ends; returns the names of those that found something, and the specs' count. */
export async function check(say: (line: string) => void): Promise<{ failed: readonly string[]; specs: TestRun }> {
  const lanes = await Promise.all(checkLanes().map((lane) => runSteps(lane, say)));
  let counted: TestRun = { passed: 0, failed: 0, skipped: 0, problems: [] };
  const last = await runSteps([specs((run) => (counted = run))], say);
  return { failed: [...lanes.flat(), ...last], specs: counted };
}
