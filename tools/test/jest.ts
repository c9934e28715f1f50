import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPackage, type RunOptions } from '../check/command.ts';

/** For so long may a suite take, in milliseconds, and it only hangs: even a machine that is very busy needs less. */
const HANGS_AFTER_MS = { spec: 1_200_000, int: 3_600_000, e2e: 3_600_000 } as const;

export type Suite = keyof typeof HANGS_AFTER_MS;

export interface TestRun {
  readonly passed: number;
  readonly failed: number;
  /** What this machine cannot run. */
  readonly skipped: number;
  /** What failed, as jest tells it. */
  readonly problems: readonly string[];
}

/** The part of jest's `--json` result that is read here. */
interface JestResult {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly { readonly status: string; readonly message: string }[];
}

/** Runs the specs of a suite and counts from jest's own JSON result. */
export async function runJest(suite: Suite, args: readonly string[], options: RunOptions = {}): Promise<TestRun> {
  const folder = mkdtempSync(join(tmpdir(), 'jest-result-'));
  const file = join(folder, 'result.json');
  try {
    const own = ['--selectProjects', suite, '--passWithNoTests', '--json', `--outputFile=${file}`];
    const limited = { timeoutMs: HANGS_AFTER_MS[suite], ...options };
    const { code, output } = await runPackage('jest/bin/jest.js', [...own, ...args], limited);
    if (existsSync(file)) return countOf(readFileSync(file, 'utf8'));
    return didNotRun(`${suite}: jest ${code === null ? 'hung and was killed' : `ended with code ${code}`}\n${output}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that does not even load counts as a failure, and so does a run that failed for no test's reason. */
export function countOf(json: string): TestRun {
  const result = JSON.parse(json) as JestResult;
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && !result.success ? 1 : failed,
    skipped: result.numPendingTests,
    problems: result.testResults.filter(({ status }) => status === 'failed').map(({ message }) => message),
  };
}

/** Something that should have been tested was not. */
export const didNotRun = (problem: string): TestRun => ({ passed: 0, failed: 1, skipped: 0, problems: [problem] });

/** What was left out and why, or nothing where everything ran; `lacks` says what this machine has not, and how to get it. */
export function skippedLine(runs: readonly Pick<TestRun, 'skipped'>[], lacks: readonly string[]): string | null {
  const skipped = runs.reduce((total, run) => total + run.skipped, 0);
  if (skipped === 0) return null;
  return [`${skipped} skipped`, ...lacks.map((each) => `for there is ${each}`)].join(', ');
}

/** The one line every run ends with. */
export function closingLine(runs: readonly Pick<TestRun, 'passed' | 'failed'>[]): string {
  const sum = (of: (run: Pick<TestRun, 'passed' | 'failed'>) => number): number =>
    runs.reduce((total, run) => total + of(run), 0);
  return `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`;
}
