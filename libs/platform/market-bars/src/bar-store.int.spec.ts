import { barOf, withTick, type Bar } from '@core/bars/bar';
import type { BarMinutes } from '@core/bars/bar-periods';
import type { Range } from '@core/bars/known-ranges';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { DataSource } from 'typeorm';
import { BarHistory } from './bar-history.ts';
import { BarStore } from './bar-store.ts';
import { marketEntities } from './entities.ts';
import { migrateMarketBars } from './migrations.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5, 10);
const at = (minute: number): number => START + minute * MINUTE;
const span = (from: number, until: number) => ({ fromMs: at(from), untilMs: at(until) });

let database: FreshDatabase;
let source: DataSource;
let store: BarStore;

beforeAll(async () => {
  database = await freshDatabase();
  await migrateMarketBars(database.url);
  source = new DataSource({ type: 'postgres', url: database.url, entities: marketEntities });
  await source.initialize();
  store = new BarStore(source.manager);
});

afterAll(async () => {
  await source.destroy();
  await database.drop();
});

const settle = (range: Range, ...bars: readonly Bar[]) => store.settle('demo', range, new Map([['EURUSD', bars]]));
const draft = (bar: Bar) => store.draft('demo', new Map([['EURUSD', bar]]));
const told = () => store.bars('demo', 'EURUSD', span(0, 60));

it('a draft changes until it is settled, and never again', async () => {
  const bar = barOf(at(0), '1.1');
  await draft(bar);
  await draft(withTick(bar, '1.2'));
  expect(await told()).toEqual([withTick(bar, '1.2')]);
  await settle(span(0, 2), barOf(at(0), '1.3'));
  await settle(span(0, 3), barOf(at(0), '1.4'), barOf(at(1), '1.4'), barOf(at(2), '1.4'), barOf(at(3), '1.4'));
  expect(await told()).toEqual([barOf(at(0), '1.3'), barOf(at(2), '1.4')]);
  expect(await store.known('demo', 'EURUSD')).toEqual([span(0, 3)]);
});

it('a draft that is not among the settled bars of its time is gone', async () => {
  await draft(barOf(at(5), '1.1'));
  await settle(span(4, 7), barOf(at(6), '1.2'));
  expect(await store.bars('demo', 'EURUSD', span(4, 7))).toEqual([barOf(at(6), '1.2')]);
});

it('ranges grow together, for each instrument alone', async () => {
  await store.settle(
    'demo',
    span(10, 20),
    new Map([
      ['GOLD', []],
      ['SILVER', []],
    ]),
  );
  await store.settle('demo', span(3, 10), new Map([['GOLD', []]]));
  expect(await store.knownOf('demo', ['GOLD', 'SILVER'])).toEqual(
    new Map([
      ['GOLD', [span(3, 20)]],
      ['SILVER', [span(10, 20)]],
    ]),
  );
});

it('history tells what is settled, days by the broker’s calendar, and what runs as it stands', async () => {
  const history = new BarHistory(store, 1_000);
  const ask = (minutes: BarMinutes, fromMs: number, toMs: number, nowMs: number) =>
    history.between({ venue: 'warsaw', instrument: 'EURUSD', minutes, fromMs, toMs }, nowMs);
  expect(await ask(1, 0, at(9), at(9))).toBe('unknown');
  const midnight = Date.UTC(2026, 0, 4, 23);
  await store.putTerms('warsaw', { floorMs: midnight, dayZone: 'Europe/Warsaw' });
  expect(await ask(1, 0, at(9), at(9))).toBe('unknown');
  const bars = [barOf(midnight, '1.1'), barOf(at(0), '1.3'), barOf(at(7), '1.2')];
  await store.settle('warsaw', { fromMs: midnight, untilMs: at(9) }, new Map([['EURUSD', bars]]));
  await store.draft('warsaw', new Map([['EURUSD', barOf(at(9), '1.5')]]));
  const now = at(9) + 5_000;
  expect(await ask(1, at(7), at(7), now)).toEqual([bars[2]]);
  expect(await ask(1, at(1), at(99), now)).toEqual([bars[2], barOf(at(9), '1.5')]);
  expect(await ask(1, at(1), at(99), at(11))).toEqual([bars[2]]);
  expect(await ask(1, 0, midnight - 1, now)).toEqual([]);
  const day = { openedAtMs: Date.UTC(2026, 0, 5), open: '1.1', high: '1.5', low: '1.1', close: '1.5', volume: 4 };
  expect(await ask(1440, 0, at(99), now)).toEqual([day]);
  const last = (count: number) =>
    history.last({ venue: 'warsaw', instrument: 'EURUSD', minutes: 1, toMs: now }, count, now);
  expect(await last(2)).toEqual([bars[2], barOf(at(9), '1.5')]);
  expect(await last(9)).toEqual([...bars, barOf(at(9), '1.5')]);
});
