import { barOf, withTick } from '@core/bars/bar';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { DataSource } from 'typeorm';
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

const settle = (range: ReturnType<typeof span>, ...bars: Parameters<BarStore['settle']>[3]) =>
  store.settle('demo', 'EURUSD', range, bars);
const told = () => store.bars('demo', 'EURUSD', span(0, 60));

it('a draft changes until it is settled, and never again', async () => {
  const bar = barOf(at(0), '1.1');
  await store.draft('demo', 'EURUSD', bar);
  await store.draft('demo', 'EURUSD', withTick(bar, '1.2'));
  expect(await told()).toEqual([withTick(bar, '1.2')]);
  await settle(span(0, 2), barOf(at(0), '1.3'));
  await settle(span(0, 3), barOf(at(0), '1.4'), barOf(at(1), '1.4'), barOf(at(2), '1.4'), barOf(at(3), '1.4'));
  expect(await told()).toEqual([barOf(at(0), '1.3'), barOf(at(2), '1.4')]);
  expect(await store.known('demo', 'EURUSD')).toEqual([span(0, 3)]);
});

it('ranges grow together, for each instrument alone', async () => {
  await settle(span(10, 20));
  await settle(span(3, 10));
  expect(await store.known('demo', 'EURUSD')).toEqual([span(0, 20)]);
  expect(await store.known('demo', 'GOLD')).toEqual([]);
});
