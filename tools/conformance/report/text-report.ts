import type { CheckResult } from '../conformance-check.ts';
import type { Fault } from '../verdict.ts';
import { firstStep, groupsOf, plainText, secondsOf, tallyOf, type ReportHead } from './tally.ts';

const MARKS = { passed: 'ok  ', failed: 'FAIL', warned: 'warn', skipped: '  - ' } as const;
const FAULTS_MAX = 5;
const SKIPS_APART = 2;

/** A table for the terminal: a line a check, and beneath what failed what was expected and what came. */
export function textReport(head: ReportHead, results: readonly CheckResult[]): string {
  const width = Math.max(...results.map(({ id }) => id.length));
  const groups = groupsOf(results).map(({ title, results: own }) => `${title}\n${rowsOf(own, width).join('\n')}`);
  return [...groups, closing(head, results)].join('\n\n');
}

/** What was skipped for one reason by several checks in a row takes one line. */
function rowsOf(results: readonly CheckResult[], width: number): readonly string[] {
  const reasons = new Map<string, readonly string[]>();
  for (const { id, verdict } of results)
    if (verdict.kind === 'skipped') reasons.set(verdict.reason, [...(reasons.get(verdict.reason) ?? []), id]);
  const many = [...reasons].filter(([, ids]) => ids.length > SKIPS_APART);
  const together = new Set(many.flatMap(([, ids]) => ids));
  return [
    ...results.filter(({ id }) => !together.has(id)).map((result) => rowOf(result, width)),
    ...many.map(
      ([reason, ids]) =>
        `  ${MARKS.skipped}  ${ids.length} skipped, ${plainText(reason)}: ${ids.map(nameOf).join(', ')}`,
    ),
  ];
}

const nameOf = (id: string): string => id.slice(id.indexOf('.') + 1);

function rowOf({ id, title, verdict }: CheckResult, width: number): string {
  const row = `  ${MARKS[verdict.kind]}  ${id.padEnd(width)}  ${title}`;
  switch (verdict.kind) {
    case 'passed':
      return verdict.note === undefined ? row : `${row} (${plainText(verdict.note)})`;
    case 'skipped':
      return `${row}: skipped, ${plainText(verdict.reason)}`;
    default:
      return [row, ...faultLines(verdict.faults)].join('\n');
  }
}

function faultLines(faults: readonly Fault[]): readonly string[] {
  const lines = faults
    .slice(0, FAULTS_MAX)
    .flatMap(({ expected, got, at }) => [
      `          expected  ${plainText(expected)}`,
      `          got       ${plainText(got)}`,
      ...(at === undefined ? [] : [`          at        ${plainText(at)}`]),
      '',
    ]);
  const more = faults.length - FAULTS_MAX;
  return more > 0 ? [...lines, `          and ${more} more`] : lines.slice(0, -1);
}

function closing({ url, tookMs }: ReportHead, results: readonly CheckResult[]): string {
  const { passed, failed, warned, skipped } = tallyOf(results);
  const verdict = failed === 0 ? 'PASSED' : 'FAILED';
  const counts = `${passed} passed, ${failed} failed, ${warned} warned, ${skipped} skipped`;
  const closed = `${verdict}  ${plainText(url)}: ${counts}, in ${secondsOf(tookMs)}`;
  const first = firstStep(results);
  return first === null ? closed : `${closed}\n${first}`;
}
