import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { appSettings } from '../generate/configuration.ts';
import { ROOT } from './command.ts';

interface Compose {
  readonly services: Record<string, { readonly command?: readonly string[]; readonly environment?: object }>;
}

/** Simulators are not deployed. */
const apps = appSettings().filter(({ app }) => app !== 'xapi-simulator');
const { services } = parse(readFileSync(join(ROOT, 'infra/compose.yaml'), 'utf8'), { merge: true }) as Compose;

describe('infra/compose.yaml', () => {
  it.each(apps.map(({ app, rows }) => [app, rows] as const))('runs %s with all it must be told', (app, rows) => {
    const required = rows.filter(({ spelled }) => spelled === '**required**').map(({ variable }) => variable);
    expect(services[app]?.command).toEqual([`dist/apps/${app}/main.js`]);
    expect(Object.keys(services[app]?.environment ?? {})).toEqual(expect.arrayContaining(required));
  });

  it('tells nobody what they do not read', () => {
    for (const { app, rows } of apps) {
      const known = rows.map(({ variable }) => variable);
      expect(known).toEqual(expect.arrayContaining(Object.keys(services[app]?.environment ?? {})));
    }
  });
});
