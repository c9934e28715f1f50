import type { CheckResult } from '../conformance-check.ts';
import { htmlReport } from './html-report.ts';
import { junitReport } from './junit-report.ts';
import type { ReportHead } from './tally.ts';
import { textReport } from './text-report.ts';

const HOSTILE = '</script><b>&"\u001b[31m\u0000';
const head: ReportHead = {
  url: `https://broker.example/${HOSTILE}`,
  startedAt: '2026-01-07T12:00:00.000Z',
  tookMs: 61_000,
  effort: 'quick',
  isLive: false,
  document: HOSTILE,
};
const fault = { expected: HOSTILE, got: HOSTILE, at: HOSTILE };
const of = (id: string, verdict: CheckResult['verdict']): CheckResult => ({
  id,
  title: id,
  why: id,
  verdict,
  tookMs: 5,
});
const results: readonly CheckResult[] = [
  of('login.token', { kind: 'passed', note: HOSTILE }),
  of('orders.ids', { kind: 'failed', faults: Array.from({ length: 12 }, () => fault) }),
  of('cors.max-age', { kind: 'warned', faults: [fault] }),
  ...['a', 'b', 'c'].map((name) => of(`schema.${name}`, { kind: 'skipped', reason: HOSTILE })),
];

it.each([
  ['text', textReport],
  ['JUnit', junitReport],
  ['HTML', htmlReport],
])('a broker’s texts stay texts in the %s report', (kind, report) => {
  const written = report(head, results);
  expect([...written].filter((each) => each < ' ' && each !== '\n')).toEqual([]);
  if (kind !== 'text') expect(written).not.toMatch(/<\/script>|<b>|&(?!amp;|lt;|gt;|quot;)/);
});

it('the text ends in the verdict, and tells many skips in a line', () => {
  const lines = textReport(head, results).split('\n');
  expect(lines.at(-1)).toMatch(/^FAILED .*: 1 passed, 1 failed, 1 warned, 3 skipped, in 61 s$/);
  expect(lines.filter((line) => line.endsWith(': a, b, c'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('and 7 more'))).toHaveLength(1);
});

it('JUnit counts advice as no failure', () => {
  expect(junitReport(head, results)).toContain('tests="6" failures="1" errors="0" skipped="3" time="61"');
});

it('every link of the HTML report leads somewhere in it, and nothing is fetched', () => {
  const html = htmlReport(head, results);
  const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(targets).toEqual(['orders.ids', 'cors.max-age']);
  for (const id of targets) expect(html).toContain(`id="${id}"`);
  expect(html).not.toMatch(/src=|url\(|@import|<link|<script/);
});

it('who could not log in reads what to look at first', () => {
  const shut = [of('answers.getState', { kind: 'skipped', reason: 'nobody could log in: see the checks above' })];
  for (const report of [textReport, htmlReport]) {
    expect(report(head, shut)).toContain('Nobody could log in');
    expect(report(head, results)).not.toContain('Nobody could log in');
  }
});
