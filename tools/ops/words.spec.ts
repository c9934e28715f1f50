import type { Event } from '@core/contracts/event';
import { anEvent, exampleId, exampleTypes, recorded } from '@core/contracts/examples.fixture';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DemoSecretsFile } from '../start/demo-secrets.ts';
import { exampleEndpoints } from '../start/endpoints.fixture.ts';
import { describeEvent } from './describe-event.ts';
import { onlyMatch } from './lookup.ts';
import { printable, table, tree } from './output.ts';
import { untilOf } from './state.ts';
import { addressesOf } from './system.ts';
import { inWords } from './trading-week.ts';
import { causesOf } from './why.ts';

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

describe('what operators type', () => {
  it('is a position or a moment', () => {
    expect(untilOf('17')).toEqual({ position: 17 });
    expect(untilOf('2026-01-05T10:00:00.123456Z')).toEqual({ time: '2026-01-05T10:00:00.123456Z' });
    expect(untilOf('2026-01-05T10:00:00+01:00')).toEqual({ time: '2026-01-05T09:00:00.000000Z' });
    for (const text of ['', 'now', '-1', '1.5', '2026-99-99']) expect(() => untilOf(text)).toThrow('--at is');
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
      oauthCookieKey: 'of cookies',
      dataToken: 'of data',
      traderPasswords: {},
      brokerPasswords: {},
    });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const env = { DATABASE_URL: 'postgres://there', NATS_URL: 'nats://there', REGISTRY_KEY: 'key of there' };

  it('is the folder that was named, before the environment', () => {
    const here = { databaseUrl: 'postgres://here', natsUrl: 'nats://here', registryKey: 'key of the demo' };
    expect(addressesOf(folder, env)).toEqual(here);
    rmSync(join(folder, 'demo-secrets.json'));
    expect(addressesOf(folder, env).registryKey).toBe('key of there');
  });

  it('is the environment’s where no folder was named; reading needs no NATS and no key', () => {
    expect(addressesOf(undefined, env)).toMatchObject({ databaseUrl: 'postgres://there', natsUrl: 'nats://there' });
    const reading = addressesOf(undefined, { DATABASE_URL: 'postgres://there' });
    expect(reading).toEqual({ databaseUrl: 'postgres://there', natsUrl: null, registryKey: null });
    expect(() => addressesOf(join(folder, 'empty'), env)).toThrow('no system in');
  });
});
