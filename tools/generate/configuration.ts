import { settingsOf, type Setting } from '@core/service/settings';
import { ServiceConfig } from '@core/service/service-config';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { allApps } from '../build/build-apps.ts';
import { ROOT } from '../check/command.ts';
import { table } from './event-catalogue.ts';
import type { GeneratedFile } from './generated-file.ts';

const load = createRequire(__filename);

type ConfigClass = new () => ServiceConfig;

export interface AppSettings {
  readonly app: string;
  readonly rows: readonly (Setting & { readonly usual: string })[];
}

/** Every setting of every app, from the classes that read them. */
export function configuration(): GeneratedFile {
  const apps = appSettings();
  const shared = new Set(settingsOf(ServiceConfig).map(({ variable }) => variable));
  const common = apps[0]?.rows.filter(({ variable }) => shared.has(variable) && variable !== 'OPS_PORT') ?? [];
  const own = apps.flatMap(({ app, rows }) => {
    const its = rows.filter((row) => !common.some(({ variable }) => variable === row.variable));
    return [`## ${app}`, '', ...settingsTable(its), ''];
  });
  const text = [
    '<!-- Generated from the config classes of the apps by `npm run generate`; do not edit. -->',
    '',
    '# Configuration',
    '',
    'Every process is configured by its environment, checked when it starts; `npm start` sets all of it.',
    '',
    '## Every service',
    '',
    ...settingsTable(common),
    '',
    ...own,
  ].join('\n');
  return { path: 'docs/configuration.md', text: `${text.trimEnd()}\n` };
}

/** The settings that most people meet, each with the apps that read it: for the README. */
export function configurationSummary(): string {
  const apps = appSettings();
  const names = [
    'DATABASE_URL',
    'NATS_URL',
    'REGISTRY_KEY',
    'PORT',
    ...settingsOf(ServiceConfig).map((s) => s.variable),
  ];
  const rows = names.flatMap((name) => {
    const readers = apps.filter(({ rows: own }) => own.some(({ variable }) => variable === name));
    const setting = readers[0]?.rows.find(({ variable }) => variable === name);
    if (!setting) return [];
    const usual = new Set(readers.map(({ rows: own }) => own.find(({ variable }) => variable === name)?.usual));
    const who = readers.length === apps.length ? 'all' : readers.map(({ app }) => app).join(', ');
    return [[`\`${name}\``, setting.about, usual.size === 1 ? setting.usual : 'each its own', who]];
  });
  return table(['variable', 'meaning', 'default', 'read by'], rows).join('\n');
}

const settingsTable = (rows: AppSettings['rows']): readonly string[] =>
  table(
    ['variable', 'meaning', 'default'],
    rows.map(({ variable, about, usual }) => [`\`${variable}\``, about.replaceAll('|', '\\|'), usual]),
  );

/** Apps are looked at, not imported: each exports one class that extends `ServiceConfig` from its `config.ts`. */
export function appSettings(): readonly AppSettings[] {
  return allApps().flatMap((app) => {
    const file = join(ROOT, 'apps', app, 'src/config.ts');
    if (!existsSync(file)) return [];
    const exported: readonly unknown[] = Object.values(load(file) as object);
    const classes = exported.filter(isConfigClass);
    return classes.map((Config) => ({ app, rows: rowsOf(Config) }));
  });
}

function rowsOf(Config: ConfigClass): AppSettings['rows'] {
  const defaults = new Map<string, unknown>(Object.entries(new Config()));
  return settingsOf(Config).map((setting) => ({ ...setting, usual: spell(defaults.get(setting.property), setting) }));
}

function spell(value: unknown, { optional, secret }: Setting): string {
  if (value === undefined) return optional ? 'unset' : '**required**';
  if (secret) return 'set';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((each) => `\`${each}\``).join(', ');
  return `\`${String(value)}\``;
}

const isConfigClass = (value: unknown): value is ConfigClass =>
  typeof value === 'function' && value.prototype instanceof ServiceConfig;
