// Runners of small projections, for specs; `afterEach(stopAll)` ends them.
import type { RecordedEvent } from '@core/contracts/event';
import { ProjectionRunner, type RunnerOptions } from './projection-runner.ts';
import { accounts, latest, seenEvents, type TalkingLog } from './toys.fixture.ts';

export const quick = { pollMs: 0, retryPauseMs: 1, retryPauseMaxMs: 2 };

const runners: ProjectionRunner[] = [];

export async function stopAll(): Promise<void> {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
}

export function newRunner(log: TalkingLog, options: Partial<RunnerOptions> = {}): ProjectionRunner {
  const runner = new ProjectionRunner({ log, projections: [seenEvents, latest], limits: quick, ...options });
  runners.push(runner);
  return runner;
}

export async function started(log: TalkingLog, options: Partial<RunnerOptions> = {}): Promise<ProjectionRunner> {
  const runner = newRunner(log, options);
  await runner.start();
  return runner;
}

/** The states are what folding the whole log makes of them, for every account and projection. */
export async function expectEqualToTheLog(runner: ProjectionRunner, log: TalkingLog): Promise<void> {
  expect(runner.position).toBe(await log.head());
  for (const account of accounts) {
    expect(runner.state(seenEvents, account)).toEqual(await log.fold(seenEvents, account));
    expect(runner.state(latest, account)).toEqual(await log.fold(latest, account));
  }
}

/** The same log, that tells these pages instead, and notes where it was read from. */
export function telling(
  log: TalkingLog,
  pages?: readonly (readonly RecordedEvent[])[],
  read: number[] = [],
): TalkingLog {
  return Object.assign(Object.create(log) as TalkingLog, {
    async *read(after: number) {
      read.push(after);
      if (pages) yield* pages;
      else yield* log.read(after);
    },
  });
}
