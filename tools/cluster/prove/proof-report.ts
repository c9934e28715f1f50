import { violationText } from '../../chaos/checker/violation.ts';
import { outcomeLines } from '../../chaos/run/run-report.ts';
import type { RunOutcome } from '../../chaos/run/run-outcome.ts';

/** What was killed or frozen, and how long after that everybody was served again, and one more could die. */
export interface DeathSurvived {
  readonly died: string;
  readonly servesMs: number;
  readonly wholeMs: number;
}

const HEAD = 'what happened';

/** For a person, line by line. */
export function proofReport(deaths: readonly DeathSurvived[], outcome: RunOutcome): readonly string[] {
  const width = Math.max(...deaths.map(({ died }) => died.length), HEAD.length);
  return [
    `${HEAD.padEnd(width)}  served again  one more could die`,
    ...deaths.map(({ died, servesMs, wholeMs }) => `${died.padEnd(width)}  ${seconds(servesMs)}  ${seconds(wholeMs)}`),
    ...outcomeLines([outcome]),
    `violations    ${outcome.violations.length}`,
    ...outcome.violations.map((one) => `  ${violationText(one)}`),
  ];
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`.padEnd('served again'.length);
