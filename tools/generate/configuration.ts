import { ServiceSettings } from '@core/service/service-settings';
import { settingsOf, type Groups, type Setting } from '@core/service/settings';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { allApps } from '../build/build-apps.ts';
import { ROOT } from '../check/command.ts';
import { markdownTable } from './event-catalogue.ts';
import type { GeneratedFile } from './generated-file.ts';

const load = createRequire(__filename);

export interface AppSettings {
  readonly app: string;
  readonly rows: readonly (Setting & { readonly spelled: string })[];
}

/** Every setting of every app, from the groups that read them. */
export function configuration(): GeneratedFile {
  const apps = appSettings();
  const shared = new Set(settingsOf({ service: ServiceSettings }).map(({ variable }) => variable));
  const isCommon = ({ variable }: Setting): boolean => shared.has(variable) && variable !== 'OPS_PORT';
  const own = apps.flatMap(({ app, rows }) => [
    `## ${app}`,
    '',
    ...settingsTable(rows.filter((row) => !isCommon(row))),
    '',
  ]);
  const text = [
    '<!-- Generated from the config classes of the apps by `npm run generate`; do not edit. -->',
    '',
    '# Configuration',
    '',
    'Every process is configured by its environment, checked when it starts; `npm start` sets all of it.',
    '',
    '## Every service',
    '',
    ...settingsTable((apps[0]?.rows ?? []).filter(isCommon)),
    '',
    ...own,
  ].join('\n');
  return { path: 'docs/configuration.md', text: `${text.trimEnd()}\n` };
}

const settingsTable = (rows: AppSettings['rows']): readonly string[] =>
  markdownTable(
    ['variable', 'meaning', 'default'],
    rows.map(({ variable, description, spelled }) => [`\`${variable}\``, description.replaceAll('|', '\\|'), spelled]),
  );

/** Apps are looked at, not imported: the `config.ts` of each exports its groups, `ServiceSettings` among them. */
export function appSettings(): readonly AppSettings[] {
  return allApps().flatMap((app) => {
    const file = join(ROOT, 'apps', app, 'src/config.ts');
    if (!existsSync(file)) return [];
    const exported: readonly unknown[] = Object.values(load(file) as object);
    return exported.filter(isConfig).map((groups) => ({ app, rows: settingsOf(groups).map(spell) }));
  });
}

const spell = (setting: Setting) => ({ ...setting, spelled: defaultInWords(setting) });

function defaultInWords({ usual, optional, secret }: Setting): string {
  if (usual === undefined) return optional ? 'unset' : '**required**';
  if (secret) return 'set';
  if (usual === '') return 'none';
  if (Array.isArray(usual)) return usual.length === 0 ? 'none' : usual.map((each) => `\`${each}\``).join(', ');
  return `\`${String(usual)}\``;
}

const isConfig = (value: unknown): value is Groups =>
  typeof value === 'object' && value !== null && 'service' in value && value.service === ServiceSettings;
