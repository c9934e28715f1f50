import { NODE_ARGUMENTS } from '@core/machine/app-process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { appSettings } from '../generate/configuration.ts';
import { ROOT } from './command.ts';

interface Compose {
  readonly services: Record<string, Service>;
  readonly networks: Record<string, { readonly internal?: true } | null>;
}

interface Service {
  readonly command?: readonly string[];
  readonly environment?: object;
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly volumes?: readonly string[];
}

/** Node's own, for certificates. */
const NODE_READS = ['NODE_EXTRA_CA_CERTS'];

/** Simulators are not deployed. */
const apps = appSettings().filter(({ app }) => app !== 'xapi-simulator');
const { services, networks } = parse(readFileSync(join(ROOT, 'infra/compose.yaml'), 'utf8'), {
  merge: true,
}) as Compose;

describe('infra/compose.yaml', () => {
  it.each(apps.map(({ app, rows }) => [app, rows] as const))('runs %s with all it must be told', (app, rows) => {
    const required = rows.filter(({ spelled }) => spelled === '**required**').map(({ variable }) => variable);
    expect(services[app]?.command).toEqual([`dist/apps/${app}/main.js`]);
    expect(Object.keys(services[app]?.environment ?? {})).toEqual(expect.arrayContaining(required));
  });

  it('tells nobody what they do not read', () => {
    for (const { app, rows } of apps) {
      const known = [...rows.map(({ variable }) => variable), ...NODE_READS];
      const running = Object.values(services).filter(({ command }) => command?.[0] === `dist/apps/${app}/main.js`);
      for (const { environment } of running)
        expect(known).toEqual(expect.arrayContaining(Object.keys(environment ?? {})));
    }
  });

  it('shows what was detached from the log to whoever reads the log, and lets nobody change it', () => {
    const readers = apps.filter(({ rows }) => rows.some(({ variable }) => variable === 'DATABASE_DETACHED'));
    expect(readers.map(({ app }) => app)).toContain('ledger');
    const shown = Object.entries(services).filter(([, { volumes }]) =>
      volumes?.some((each) => each.includes('detached')),
    );
    const others = ['ledger-standby'];
    expect(shown.map(([name]) => name).toSorted()).toEqual([...readers.map(({ app }) => app), ...others].toSorted());
    for (const [, { volumes, environment }] of shown) {
      expect(volumes).toContain('${DETACHED_FOLDER:-./detached}:/detached:ro');
      expect(environment).toMatchObject({ DATABASE_DETACHED: '/detached' });
    }
  });

  const names = Object.keys(services);
  /** Whom a service can reach, or be reached by: who is in one of its networks. */
  const neighbours = (name: string): string[] =>
    names.filter((other) => other !== name && services[other]?.networks?.some((net) => networksOf(name).includes(net)));
  const networksOf = (name: string): readonly string[] => services[name]?.networks ?? [];

  it('puts whoever faces people beside Postgres and NATS, and beside nobody else', () => {
    const faces = names.filter((name) => services[name]?.ports !== undefined);
    // Operators look at all of them from these.
    const forOperators = ['console', 'prometheus'];
    expect(faces).toEqual(['tv-gateway', 'proquant-webhook', 'ws-session', ...forOperators]);
    const others = (name: string): string[] => neighbours(name).filter((other) => !forOperators.includes(other));
    for (const name of faces.filter((each) => !forOperators.includes(each)))
      expect([name, others(name)]).toEqual([name, ['postgres', 'nats']]);
  });

  it('lets everyone reach Postgres and NATS, and only whoever talks to brokers out of the core', () => {
    const inner = names.filter((name) => services[name]?.ports === undefined && !['postgres', 'nats'].includes(name));
    for (const name of inner)
      expect([name, neighbours(name)]).toEqual([name, expect.arrayContaining(['postgres', 'nats'])]);
    const leave = inner.filter((name) => networksOf(name).some((net) => networks[net]?.internal !== true));
    expect(leave).toEqual(['xapi-connector']);
  });

  it.each(names)('gives %s no way to more rights than it begins with', (name) => {
    expect(services[name]?.security_opt).toContain('no-new-privileges:true');
  });
});

describe('infra/Dockerfile', () => {
  it('runs Node as npm start does', () => {
    const dockerfile = readFileSync(join(ROOT, 'infra/Dockerfile'), 'utf8');
    const [, entrypoint = '[]'] = /^ENTRYPOINT (.*)$/m.exec(dockerfile) ?? [];
    expect(JSON.parse(entrypoint)).toEqual(['node', ...NODE_ARGUMENTS]);
  });
});
