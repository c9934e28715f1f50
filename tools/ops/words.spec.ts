import type { Event } from '@core/contracts/event';
import { anEvent, exampleId, exampleTypes, recorded } from '@core/contracts/examples.fixture';
import type { Build } from '@core/projection-runner/releases';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DemoSecretsFile } from '../start/demo-secrets.ts';
import { exampleEndpoints } from '../start/endpoints.fixture.ts';
import { describeEvent } from '@core/operations/describe-event';
import { onlyMatch } from '@core/operations/lookup';
import { untilOf } from './moment-in-log.ts';
import { tree } from './output.ts';
import { printable, table } from './table.ts';

import { nextBuild } from '@core/operations/release-act';
import type { ReleasedIn } from '@core/operations/released-in';
import { addressesOf } from './system.ts';
import { inWords } from '@core/operations/trading-week';
import { causesOf } from '@core/operations/chain';

describe('an event in words', () => {
  it.each(exampleTypes)('%s', (type) => {
    expect(describeEvent(anEvent(type))).toMatch(/^(?!.*(undefined|null|\[object))\S.*\S$/);
  });
});

describe('tables and trees', () => {
  it('have columns as wide as they must be, and a sentence where there is nothing', () => {
    expect(table(['a', 'long'], [['1', null], ['333', 4]])).toBe('a    long\n1    -\n333  4'); // prettier-ignore
    expect(table(['a'], [], 'nothing here')).toBe('nothing here');
  });

  it('draw what leads to what', () => {
    const leaf = (text: string) => ({ text, branches: [] });
    const drawn = tree({ text: 'a', branches: [{ text: 'b', branches: [leaf('c')] }, leaf('d')] });
    expect(drawn).toBe('a\n├─ b\n│  └─ c\n└─ d');
  });

  it('keep control characters to themselves', () => {
    expect(printable('a\u001b[31m\u009b\r\nb é €')).toBe('a\ufffd[31m\ufffd\ufffd\ufffdb é €');
  });
});

describe('a week of trading', () => {
  it('is said in few words', () => {
    const on = (day: number, fromMinute = 0, toMinute = 1_440) => ({ day, fromMinute, toMinute });
    expect(inWords([])).toBe('never');
    expect(inWords([on(1), on(2), on(5, 0, 1_320), on(7, 1_380)])).toBe(
      'Mon-Tue 00:00-24:00, Fri 00:00-22:00, Sun 23:00-24:00',
    );
    expect(inWords([on(1, 0, 60), on(1, 120, 180), on(2, 0, 60)])).toBe('Mon 00:00-01:00 02:00-03:00, Tue 00:00-01:00');
  });
});

describe('causes', () => {
  it('have events whose cause is elsewhere as roots', () => {
    const [asked, done, other] = [0xa, 0xb, 0xc].map(exampleId);
    const event = (id = '', causationid: string | null = null): Event =>
      anEvent('EquityMarked', {}, { id, causationid });
    const chain = recorded([event(asked, exampleId(1)), event(done, asked), event(other, null)]);
    expect(causesOf(chain).map(({ event: { id }, led }) => [id, led.map((each) => each.event.id)])).toEqual([
      [asked, [done]],
      [other, []],
    ]);
  });
});

describe('the build that is to be filled next', () => {
  const released = (served: Build, ...decided: readonly Build[]): ReleasedIn => ({
    owner: 'tv-gateway',
    name: 'account',
    carried: [4, 5],
    release: { served, previous: null, candidate: null },
    decided,
    instances: [],
  });
  const [old, first, again] = [
    { version: 4, build: 0 },
    { version: 5, build: 0 },
    { version: 5, build: 1 },
  ];

  it('is of a newer version, once more where it was filled, or of what is served', () => {
    expect(nextBuild(released(old), undefined)).toEqual(first);
    expect(nextBuild(released(old, first), undefined)).toEqual(again);
    expect(nextBuild(released(first, first), undefined)).toEqual(again);
    expect(nextBuild(released(old), '4')).toEqual({ version: 4, build: 1 });
    expect(nextBuild(released(first, first), '4')).toEqual({ version: 4, build: 1 });
    expect(() => nextBuild(released(old), '6')).toThrow('carry account in version 4, 5, not in 6');
  });
});

describe('what operators type', () => {
  it('is a position or a moment', () => {
    expect(untilOf('17', '--at')).toEqual({ position: 17 });
    expect(untilOf('2026-01-05T10:00:00.123456Z', '--at')).toEqual({ time: '2026-01-05T10:00:00.123456Z' });
    expect(untilOf('2026-01-05T10:00:00+01:00', '--at')).toEqual({ time: '2026-01-05T09:00:00.000000Z' });
    for (const text of ['', 'now', '-1', '1.5', '2026-99-99']) expect(() => untilOf(text, '--at')).toThrow('--at is');
  });

  it('may be the beginning of one id, and no more than one', () => {
    const items = ['abcd0001', 'abcd0002', 'ef010000'].map((id) => ({ id }));
    expect(onlyMatch(items, 'EF01', 'thing')).toEqual({ id: 'ef010000' });
    expect(() => onlyMatch(items, 'abcd', 'thing')).toThrow('abcd may be abcd0001 or abcd0002');
    expect(() => onlyMatch(items, 'ffff', 'thing')).toThrow('there is no thing ffff');
    expect(() => onlyMatch(items, 'ef', 'thing')).toThrow('at least its first four');
  });
});

describe('the system that is meant', () => {
  const here = { postgres: 'postgres://here', nats: 'nats://here' };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ops-spec-'));
    writeFileSync(join(folder, 'endpoints.json'), JSON.stringify({ ...exampleEndpoints, ...here }));
    new DemoSecretsFile(folder).write({
      registryKey: 'key of the demo',
      logSigningKey: 'of the log',
      oauthCookieKey: 'of cookies',
      consoleLinkKey: 'of links',
      dataToken: 'of data',
      traderPasswords: {},
      brokerPasswords: {},
    });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const env = { DATABASE_URL: 'postgres://there', NATS_URL: 'nats://there', REGISTRY_KEY: 'key of there' };

  it('is the folder that was named, before the environment', () => {
    const console = { url: exampleEndpoints.console.url, linkKey: 'of links' };
    const here = { databaseUrl: 'postgres://here', natsUrl: 'nats://here', registryKey: 'key of the demo', console };
    const detached = join(folder, 'detached');
    const registry = { url: 'postgres://here', cell: '', isBeside: true };
    expect(addressesOf(folder, env)).toEqual({
      ...here,
      detached,
      registry,
      witness: null,
      services: [],
      named: folder,
    });
    const file = join(folder, 'checkpoints.ndjson');
    writeFileSync(file, '');
    expect(addressesOf(folder, env).witness).toEqual({ file, signingKey: 'of the log' });
    rmSync(join(folder, 'demo-secrets.json'));
    expect(addressesOf(folder, env).registryKey).toBe('key of there');
  });

  it('is the cell that was named, of a folder with several', () => {
    const registered = { name: 'b', registry: 'postgres://registry' };
    mkdirSync(join(folder, 'b'));
    writeFileSync(join(folder, 'b/endpoints.json'), JSON.stringify({ ...exampleEndpoints, cell: registered }));
    const several = { ...exampleEndpoints, cell: { ...registered, name: 'a' }, cells: ['a', 'b'] };
    writeFileSync(join(folder, 'endpoints.json'), JSON.stringify(several));
    expect(() => addressesOf(folder, env)).toThrow('say --cell a or --cell b');
    expect(addressesOf(folder, env, 'b')).toMatchObject({
      registry: { url: 'postgres://registry', cell: 'b', isBeside: false },
      named: join(folder, 'b'),
    });
    expect(() => addressesOf(folder, env, 'c')).toThrow('no system in');
  });

  it('is the environment’s where no folder was named; reading needs no NATS and no key', () => {
    expect(addressesOf(undefined, env)).toMatchObject({ databaseUrl: 'postgres://there', natsUrl: 'nats://there' });
    const reading = addressesOf(undefined, { DATABASE_URL: 'postgres://there' });
    expect(reading).toEqual({
      databaseUrl: 'postgres://there',
      natsUrl: null,
      registry: { url: 'postgres://there', cell: '', isBeside: true },
      registryKey: null,
      witness: null,
      console: null,
      services: [],
      named: null,
    });
    expect(() => addressesOf(join(folder, 'empty'), env)).toThrow('no system in');
  });
});
