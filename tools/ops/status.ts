import { summaryOf } from '@core/operations/finding';
import type { Command } from 'commander';
import { BadNews, withSystem } from './cli.ts';
import { shortTime } from './output.ts';
import { table } from './table.ts';
import { foundIn } from './system-sight.ts';

/** `ops status`: whether anything needs a person. Judged by the rules by which the console judges. */
export function addStatus(program: Command): void {
  program
    .command('status')
    .description('is everything all right? what needs a person and what to do next; exit code 1 where something does')
    .action(
      withSystem(async (system, output) => {
        const { findings, services } = await foundIn(system);
        output.say({ summary: summaryOf(findings), findings, services }, () => {
          const rows = services.map(({ name, status, reasons }) => [name, status, reasons.join('; ')]);
          const told = findings.flatMap(({ since, text, next: [first, ...others] }) => [
            [shortTime(since), text, first],
            ...others.map((other) => ['', '', `or ${other}`]),
          ]);
          return [
            summaryOf(findings),
            ...(told.length > 0 ? [table(['since', 'what', 'next'], told)] : []),
            table(['service', 'stands', 'why'], rows),
            ...(system.services.length > 0 ? [] : ['where the services are is not known here: they were not asked']),
          ].join('\n\n');
        });
        if (findings.length > 0) throw new BadNews();
      }),
    );
}
