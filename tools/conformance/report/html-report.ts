import type { CheckResult } from '../conformance-check.ts';
import type { Fault } from '../verdict.ts';
import { STYLE } from './html-style.ts';
import { escaped } from './junit-report.ts';
import { firstStep, groupsOf, secondsOf, tallyOf, type ReportGroup, type ReportHead } from './tally.ts';

const WORDS = { passed: 'passed', failed: 'failed', warned: 'advice', skipped: 'skipped' } as const;
const FAULTS_MAX = 10;

/** One file that needs no other: the verdict, what must be mended and why, then everything that was looked at. */
export function htmlReport(head: ReportHead, results: readonly CheckResult[]): string {
  const tally = tallyOf(results);
  const verdict = tally.failed === 0 ? 'passed' : 'failed';
  const first = firstStep(results);
  const title = `Conformance of ${escaped(head.url)}: ${verdict}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header class="${verdict}">
<p class="kicker">TradingView Broker REST API, conformance</p>
<h1>${verdict === 'passed' ? 'Passed' : `Failed: ${counted(tally.failed, 'check')} to mend`}</h1>
<p class="where">${escaped(head.url)}</p>
<dl>${(['passed', 'failed', 'warned', 'skipped'] as const)
    .map((kind) => `<div class="${kind}"><dt>${WORDS[kind]}</dt><dd>${tally[kind]}</dd></div>`)
    .join('')}</dl>
<p class="how">${escaped(howOf(head))}</p>${first === null ? '' : `\n<p>${escaped(first)}</p>`}
</header>
${problems('To mend', results, 'failed')}${problems('Advice', results, 'warned')}
<section><h2>Everything that was looked at</h2>
${groupsOf(results).map(groupOf).join('\n')}
</section>
</main>
</body>
</html>
`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const howOf = ({ startedAt, tookMs, effort, isLive, document }: ReportHead): string =>
  [
    `${startedAt.slice(0, 16).replace('T', ' ')} UTC, in ${secondsOf(tookMs)}`,
    `effort: ${effort}`,
    isLive ? 'traded a demo account' : 'read only: nothing was traded',
    document === null ? 'validated by the suite’s own schemas' : `validated by the document ${document}, too`,
  ].join(' · ');

function problems(title: string, results: readonly CheckResult[], kind: 'failed' | 'warned'): string {
  const own = results.filter(({ verdict }) => verdict.kind === kind);
  if (own.length === 0) return '';
  return `<section><h2>${title}</h2>\n${own.map(problem).join('\n')}\n</section>`;
}

function problem({ id, title, why, verdict }: CheckResult): string {
  const faults = 'faults' in verdict ? verdict.faults : [];
  const more = faults.length > FAULTS_MAX ? `<p class="more">and ${faults.length - FAULTS_MAX} more</p>` : '';
  return `<article class="${verdict.kind}" id="${escaped(id)}">
<h3>${escaped(title)} <code>${escaped(id)}</code></h3>
<p>${escaped(why)}</p>
<div class="scroll"><table><thead><tr><th>expected</th><th>got</th><th>at</th></tr></thead><tbody>
${faults.slice(0, FAULTS_MAX).map(faultRow).join('\n')}
</tbody></table></div>${more}
</article>`;
}

const faultRow = ({ expected, got, at }: Fault): string =>
  `<tr><td>${escaped(expected)}</td><td>${escaped(got)}</td><td><code>${escaped(at ?? '')}</code></td></tr>`;

function groupOf({ title, results }: ReportGroup): string {
  const { passed, failed, warned, skipped } = tallyOf(results);
  const told = [
    [failed, 'failed'],
    [warned, 'advice'],
    [passed, 'passed'],
    [skipped, 'skipped'],
  ] as const;
  const counts = told.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return `<details${failed > 0 ? ' open' : ''}><summary><span>${escaped(title)}</span>
<span class="counts">${counts.join(', ')}</span></summary>
<ul>${results.map(line).join('\n')}</ul></details>`;
}

function line({ id, title, why, verdict }: CheckResult): string {
  const told = verdict.kind === 'skipped' ? verdict.reason : verdict.kind === 'passed' ? (verdict.note ?? '') : '';
  const name = 'faults' in verdict ? `<a href="#${escaped(id)}">${escaped(title)}</a>` : escaped(title);
  return `<li class="${verdict.kind}" title="${escaped(why)}"><span class="mark">${WORDS[verdict.kind]}</span>
<span>${name}${told === '' ? '' : ` <small>${escaped(told)}</small>`}</span><code>${escaped(id)}</code></li>`;
}
