import { RUNBOOK } from '@core/operations/runbook';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { appSettings } from '../generate/configuration.ts';
import { operatorProgram } from '../ops/operator-program.ts';
import { deployedAlerts, deployedFile } from '../observability/deployed-queries.fixture.ts';

interface ScrapeConfiguration {
  readonly scrape_configs: readonly { readonly static_configs: readonly { readonly targets: readonly string[] }[] }[];
}

it('tells of every alert, and of no other', () => {
  expect(Object.keys(RUNBOOK).toSorted()).toEqual(deployedAlerts().toSorted());
});

it('names commands that there are', () => {
  const verbs = [...JSON.stringify(RUNBOOK).matchAll(/npm run ops -- ([a-z-]+)(?: ([a-z-]+))?/g)];
  const commands = operatorProgram().commands;
  for (const [, first, second] of verbs) {
    const command = commands.find((each) => each.name() === first);
    const inner = command?.commands.map((each) => each.name()) ?? [];
    expect([first, command === undefined]).toEqual([first, false]);
    if (inner.length > 0) expect(inner).toContain(second);
  }
});

it('every service that is deployed is asked for its figures', () => {
  const { scrape_configs: jobs } = parse(readFileSync(deployedFile('prometheus.yml'), 'utf8')) as ScrapeConfiguration;
  const asked = jobs.flatMap(({ static_configs: groups }) => groups.flatMap(({ targets }) => targets));
  const apps = appSettings().map(({ app }) => app);
  const deployed = apps.filter((app) => app !== 'xapi-simulator' && app !== 'database');
  expect(asked.toSorted()).toEqual(deployed.map((app) => `${app}:9100`).toSorted());
});
