import { RUNBOOK } from '@core/operations/runbook';
import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './command.ts';
import { sources } from './sources.ts';
import { appSettings } from '../generate/configuration.ts';
import { operatorProgram } from '../ops/operator-program.ts';
import { deployedAlerts, deployedFile } from '../observability/deployed-queries.fixture.ts';

interface ScrapeConfiguration {
  readonly scrape_configs: readonly { readonly static_configs: readonly { readonly targets: readonly string[] }[] }[];
}

it('tells of every alert, and of no other', () => {
  expect(Object.keys(RUNBOOK).toSorted()).toEqual(deployedAlerts().toSorted());
});

it('every command that people are told to give is one that there is, with options that it takes', () => {
  const files = [...sources('.ts', join(ROOT, 'libs')), ...sources('.tsx', join(ROOT, 'apps/console/page'))];
  const told = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/npm run ops -- ([^`'"<\n]+)/g)]);
  expect(told.length).toBeGreaterThan(20);
  for (const [text, words = ''] of told) {
    const known = words.replace(/\$\{[^}]*\}?/g, ' value').trim();
    expect([text, strangerIn(known.split(/\s+/))]).toEqual([text, null]);
  }
});

/** The first word of a command line that is no verb or option of the operator's; null where there is none. */
function strangerIn(words: readonly string[]): string | null {
  let command: Command = operatorProgram();
  for (const word of words) {
    const inner = command.commands.find((each) => each.name() === word);
    const isStranger = word.startsWith('--') ? !command.options.some(({ long }) => long === word) : inner === undefined;
    if (isStranger && (word.startsWith('--') || command.commands.length > 0)) return word;
    command = inner ?? command;
  }
  return null;
}

it('every service that is deployed is asked for its figures', () => {
  const { scrape_configs: jobs } = parse(readFileSync(deployedFile('prometheus.yml'), 'utf8')) as ScrapeConfiguration;
  const asked = jobs.flatMap(({ static_configs: groups }) => groups.flatMap(({ targets }) => targets));
  const apps = appSettings().map(({ app }) => app);
  const deployed = apps.filter((app) => app !== 'xapi-simulator' && app !== 'database');
  expect(asked.toSorted()).toEqual(deployed.map((app) => `${app}:9100`).toSorted());
});
