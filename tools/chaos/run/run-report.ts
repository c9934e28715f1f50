import { grouped } from '../checker/grouped.ts';
import { violationText, type RuleName } from '../checker/violation.ts';
import { plannedText, type PlannedFault } from '../schedule/plan-faults.ts';
import type { RunOutcome } from './run-outcome.ts';

/** What came of one run. */
export interface RunResult extends RunOutcome {
  readonly seed: number;
  readonly faults: readonly PlannedFault[];
}

const LOST: readonly RuleName[] = ['acknowledged', 'heard', 'accounted', 'gap-free'];
const TWICE: readonly RuleName[] = ['once', 'sent-once', 'one-order'];
const STUCK: readonly RuleName[] = ['outcome', 'caught-up'];

/** The runs for a person, line by line. */
export function runReport(results: readonly RunResult[]): readonly string[] {
  const faults = results.flatMap((result) => result.faults);
  const kinds = grouped(faults, ({ kind }) => kind);
  const violations = results.flatMap((each) =>
    each.violations.map((one) => `seed ${each.seed}: ${violationText(one)}`),
  );
  const healings = results.flatMap((result) => result.healings);
  const healed = healings.flatMap(({ afterMs }) => (afterMs === null ? [] : [afterMs]));
  return [
    `runs          ${results.length}, of seed ${results.map(({ seed }) => seed).join(', ')}`,
    `faults        ${faults.length}: ${[...kinds].map(([kind, of]) => `${kind} ${of.length}`).join(', ')}`,
    ...outcomeLines(results),
    `healed        ${spread(healed)}`,
    `violations    ${violations.length}`,
    ...violations.map((line) => `  ${line}`),
  ];
}

/** What was promised in all of them, and how much of that was not kept. */
export function outcomeLines(outcomes: readonly RunOutcome[]): readonly string[] {
  const sum = (of: (outcome: RunOutcome) => number): number => outcomes.reduce((total, each) => total + of(each), 0);
  const broken = (rules: readonly RuleName[]): number =>
    sum(({ violations }) => violations.filter(({ rule }) => rules.includes(rule)).length);
  return [
    `acknowledged  ${sum(({ taken }) => taken)} orders and signals, ${sum(({ confirmed }) => confirmed)} events, in logs of ${sum(({ events }) => events)}`,
    `lost          ${broken(LOST)}`,
    `duplicated    ${broken(TWICE)}`,
    `stuck         ${broken(STUCK)}`,
  ];
}

export const hasFailed = (results: readonly RunOutcome[]): boolean =>
  results.some(({ violations }) => violations.length > 0);

/** What to type to see the same faults again. */
export const repeatLine = ({ seed, faults }: RunResult, seconds: number): string =>
  `npm run chaos -- --seed ${seed} --seconds ${seconds} --faults ${[...new Set(faults.map(({ kind }) => kind))].join(',')}`;

export const faultLine = (fault: PlannedFault): string =>
  `${(fault.atMs / 1_000).toFixed(1).padStart(6)} s  ${plannedText(fault)}`;

function spread(healedMs: readonly number[]): string {
  if (healedMs.length === 0) return 'nothing was broken';
  const sorted = healedMs.toSorted((one, other) => one - other);
  const seconds = (ms: number | undefined): string => ((ms ?? 0) / 1_000).toFixed(1);
  return `${seconds(sorted[Math.floor(sorted.length / 2)])} s at the median, ${seconds(sorted.at(-1))} s at most`;
}
