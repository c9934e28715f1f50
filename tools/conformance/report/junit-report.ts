import type { CheckResult } from '../conformance-check.ts';
import type { Fault } from '../verdict.ts';
import { groupsOf, plainText, tallyOf, type ReportHead } from './tally.ts';

export const escaped = (text: string): string =>
  plainText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** JUnit XML, as every CI reads it: a suite is a group, a case is a check; advice is output and no failure. */
export function junitReport({ startedAt, tookMs }: ReportHead, results: readonly CheckResult[]): string {
  const suites = groupsOf(results).map(({ title, name, results: own }) => {
    const seconds = own.reduce((total, result) => total + result.tookMs, 0) / 1_000;
    const attributes = `name="${escaped(title)}" ${countsOf(own)} time="${seconds}" timestamp="${startedAt}"`;
    return `  <testsuite ${attributes}>\n${own.map((result) => caseOf(name, result)).join('\n')}\n  </testsuite>`;
  });
  const all = `name="TradingView Broker REST API" ${countsOf(results)} time="${tookMs / 1_000}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${all}>\n${suites.join('\n')}\n</testsuites>\n`;
}

function countsOf(results: readonly CheckResult[]): string {
  const { failed, skipped } = tallyOf(results);
  return `tests="${results.length}" failures="${failed}" errors="0" skipped="${skipped}"`;
}

function caseOf(group: string, { id, title, verdict, tookMs }: CheckResult): string {
  const opened = `    <testcase classname="${group}" name="${escaped(`${id}: ${title}`)}" time="${tookMs / 1_000}"`;
  switch (verdict.kind) {
    case 'passed':
      return `${opened}/>`;
    case 'skipped':
      return `${opened}><skipped message="${escaped(verdict.reason)}"/></testcase>`;
    case 'warned':
      return `${opened}><system-out>${escaped(linesOf(verdict.faults))}</system-out></testcase>`;
    case 'failed': {
      const message = escaped(`expected ${verdict.faults[0]?.expected}, got ${verdict.faults[0]?.got}`);
      return `${opened}><failure message="${message}">${escaped(linesOf(verdict.faults))}</failure></testcase>`;
    }
  }
}

const linesOf = (faults: readonly Fault[]): string =>
  faults.map(({ expected, got, at }) => `expected ${expected}; got ${got}${at ? `; at ${at}` : ''}`).join(' | ');
