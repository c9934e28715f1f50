import { summaryOf, type Alert } from '@core/operations/finding';
import { runbookOf } from '@core/operations/runbook';
import type { Command } from 'commander';
import { BadNews, withSystem } from './cli.ts';
import { facts, shortTime } from './output.ts';
import { foundIn } from './system-sight.ts';

/** `ops doctor`: what `ops status` found, with what it means, its usual causes and what to do. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('what needs a person, with causes, what to do and what not; exit code 1 where something does')
    .action(
      withSystem(async (system, output) => {
        const findings = (await foundIn(system)).findings.map((finding) => ({ ...finding, ...runbookOf(finding) }));
        output.say({ summary: summaryOf(findings), findings }, () =>
          [summaryOf(findings), ...findings.map(told)].join('\n\n'),
        );
        if (findings.length > 0) throw new BadNews();
      }),
    );
}

const told = ({ text, since, next, ...known }: Alert & ReturnType<typeof runbookOf>): string =>
  [
    text,
    facts([
      ['since', shortTime(since)],
      ['means', known.means],
      ['causes', known.causes.join('; ')],
      ...known.steps.map((step, index): [string, string] => [index === 0 ? 'do' : '', step]),
      ...known.never.map((step): [string, string] => ['not', step]),
      ...next.map((step, index): [string, string] => [index === 0 ? 'next' : 'or', step]),
      ['more', known.section],
    ]),
  ].join('\n');
