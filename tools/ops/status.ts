import { summaryOf } from '@core/operations/finding';
import { processName } from '@core/kernel/process-name';
import { readinessOf, type ServiceReadiness } from '@core/operations/service-readiness';
import type { ServiceStanding } from '@core/operations/service-standing';
import type { Command } from 'commander';
import { BadNews, withSystem } from './cli.ts';
import { shortTime } from './output.ts';
import { table, type Cell } from './table.ts';
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
          const told = findings.flatMap(({ since, text, next: [first, ...others] }) => [
            [shortTime(since), text, first],
            ...others.map((other) => ['', '', `or ${other}`]),
          ]);
          const kept = services.flatMap(keptRows);
          return [
            summaryOf(findings),
            ...(told.length > 0 ? [table(['since', 'what', 'next'], told)] : []),
            table(['service', 'stands', 'why'], readinessOf(services).flatMap(serviceRows)),
            ...(kept.length > 0 ? [table(['kept by', 'what', 'for', 'cleared'], kept)] : []),
            ...(system.services.length > 0 ? [] : ['where the services are is not known here: they were not asked']),
          ].join('\n\n');
        });
        if (findings.length > 0) throw new BadNews();
      }),
    );
}

/** A service, and below it each of its processes where there are several. */
function serviceRows({ name, ready, processes }: ServiceReadiness): readonly (readonly Cell[])[] {
  const counted = `${ready} of ${processes.length} ready`;
  const [only, ...others] = processes;
  if (only !== undefined && others.length === 0)
    return [[name, only.status === 'ready' ? counted : only.status, why(only)]];
  return [[name, counted, ''], ...processes.map((each) => [`  ${processName(each)}`, each.status, why(each)])];
}

const why = ({ reasons, notes }: ServiceStanding): string => [...reasons, ...notes].join('; ');

const keptRows = (service: ServiceStanding): readonly (readonly Cell[])[] =>
  service.kept.map(({ what, days, clearedAt }) => [
    ...[processName(service), what, `${days} days`],
    clearedAt === null ? 'not since it started' : shortTime(clearedAt),
  ]);
