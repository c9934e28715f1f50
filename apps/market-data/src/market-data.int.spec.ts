import { succeeds } from '@core/kernel/succeeds';
import { connectNats } from '@core/bus/nats-connection';
import { TickFeed } from '@core/bus/tick-feed';
import { parseJson } from '@core/bus/plain-json';
import { barOf, barOfCandle, withTick, type Bar } from '@core/bars/bar';
import { minuteOf } from '@core/bars/minute-series';
import type { Candle, CandleRequest } from '@core/contracts/market/candle';
import { anInstrument } from '@core/contracts/market/example.fixture';
import type { Quotes } from '@core/contracts/market/quote';
import type { PriceChange } from '@core/contracts/market/tick';
import type { Decimal } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { BarStore } from '@core/market-bars/bar-store';
import { marketEntities } from '@core/market-bars/entities';
import { migrateMarketBars } from '@core/market-bars/migrations';
import { withTimeout } from '@core/service/with-timeout';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { PostgresProxy } from '@core/testing/postgres-proxy';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { until } from '@core/testing/until';
import type { NatsConnection } from 'nats';
import { Client } from 'pg';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { BarSettings, ChartSettings } from './config.ts';
import { MarketDataMetrics } from './metrics.ts';
import { OwnedVenue } from './owned-venue.ts';

const MINUTE = 60_000;
const STEP_MS = 10_000;
const VENUE = 'demo';
const SYMBOLS = ['EURUSD', 'GOLD'];
/** Monday, ten in the morning in Warsaw. */
const START = Date.parse('2026-01-05T09:00:00Z');
const FLOOR = Date.parse('2026-01-01T23:00:00Z');
const quiet = { log: () => undefined, warn: () => undefined };

/** The broker's chart: a bar in two of three minutes, and none before it begins. */
const candleAt = (openedAtMs: number): Candle[] => {
  const minute = openedAtMs / MINUTE;
  const price = `${(minute % 97) + 1}` as Decimal;
  const one = { openedAt: instantFromMs(openedAtMs), open: price, high: price, low: price, close: price, volume: '3' };
  return minute % 3 === 0 ? [] : [one as Candle];
};
const chart = (fromMs: number, untilMs: number): Candle[] =>
  Array.from({ length: (untilMs - fromMs) / MINUTE }, (_, index) => candleAt(fromMs + index * MINUTE)).flat();

let nats: ThrowawayNats;
let database: FreshDatabase;
let source: DataSource;
let store: BarStore;
let connector: NatsConnection;
let owners: NatsConnection[];
let running: OwnedVenue[];
let ticks: PriceChange[];
let missed: number;
let nowMs: number;
let snapshots: number;
let asked: (CandleRequest & { from: string; to: string })[];
let isTold: boolean;

beforeAll(async () => {
  [nats, database] = await Promise.all([ThrowawayNats.start(), freshDatabase()]);
  await migrateMarketBars(database.url);
  source = await new DataSource({ type: 'postgres', url: database.url, entities: marketEntities }).initialize();
  store = new BarStore(source.manager);
  connector = await connectNats({ url: nats.url, name: 'connector' });
  const feed = new TickFeed();
  feed.onTicks((heard) => {
    ticks.push(...heard.changes);
    missed += heard.missed ? 1 : 0;
  });
  connector.subscribe(subjects.ticks(VENUE), { callback: (_, { data }) => feed.take(parseJson(data)) });
  connector.subscribe(subjects.marketSnapshot(VENUE), {
    callback(_, request) {
      snapshots += 1;
      const instruments = SYMBOLS.map((instrument) => anInstrument({ instrument, venue: VENUE }));
      request.respond(JSON.stringify({ venue: VENUE, instruments, quotes: [] }));
    },
  });
  connector.subscribe(subjects.candles(VENUE), {
    callback(_, request) {
      const body = request.json<(typeof asked)[number]>();
      if (!isTold) {
        request.respond(JSON.stringify({ ok: false, reason: 'broker-unavailable', text: null }));
        return;
      }
      asked.push(body);
      const candles = chart(toMs(body.from), toMs(body.to));
      const { venue, instrument, period } = body;
      const toldFrom = instantFromMs(FLOOR);
      request.respond(JSON.stringify({ ok: true, venue, instrument, period, candles, more: null, toldFrom }));
    },
  });
});

afterAll(async () => {
  await connector?.close();
  await source?.destroy();
  await Promise.all([nats?.stop(), database?.drop()]);
});

beforeEach(async () => {
  [ticks, owners, running, asked] = [[], [], [], []];
  [missed, snapshots, nowMs, isTold] = [0, 0, START, true];
  await source.query('truncate market_data.bar, market_data.known_range, market_data.venue');
});

afterEach(async () => {
  await Promise.all(running.map((venue) => venue.stop()));
  await Promise.all(owners.map((connection) => connection.close()));
});

async function own(databaseUrl = database.url, storeTimeoutMs = 5_000): Promise<OwnedVenue> {
  const connection = await connectNats({ url: nats.url, name: 'market-data' });
  owners.push(connection);
  const venue = new OwnedVenue({
    ...{ venue: VENUE, nats: connection, databaseUrl, log: quiet, nowMs: () => nowMs },
    bars: new BarSettings({ from: '2026-01-02', draftMs: 20, retryMs: 20, ownerSilentMs: 2_000, storeTimeoutMs }),
    chart: new ChartSettings({ share: 100, answerMs: 1_000 }),
    metrics: new MarketDataMetrics(new Registry()),
  });
  running.push(venue);
  venue.start();
  return venue;
}

const quotesAt = (bid: Decimal, parts: Partial<Quotes> = {}): Quotes => {
  const quote = { bid, ask: '999' as const, time: instantFromMs(nowMs), bids: [], asks: [] };
  const quotes = SYMBOLS.map((instrument) => ({ instrument, ...quote }));
  return { venue: VENUE, quotes, nextMs: STEP_MS / 2, ...parts };
};

/** A price of each instrument, heard before it comes back. */
async function tell(bid: Decimal, parts?: Partial<Quotes>): Promise<void> {
  const before = ticks.length;
  connector.publish(subjects.quotes(VENUE), JSON.stringify(quotesAt(bid, parts)));
  await until(() => ticks.length >= before + SYMBOLS.length);
}

/** A price every few seconds, before the next one would be late. */
async function listen(ms: number, parts?: Partial<Quotes>): Promise<void> {
  for (const untilMs = nowMs + ms; nowMs < untilMs; nowMs += STEP_MS)
    await tell(`${1 + ((nowMs / STEP_MS) % 7)}`, parts);
}

const knows = (untilMs: number): Promise<void> =>
  until(async () => {
    const known = await store.knownOf(VENUE);
    return SYMBOLS.every((symbol) =>
      known.get(symbol)?.some((range) => range.fromMs === FLOOR && range.untilMs >= untilMs),
    );
  });

const stored = (fromMs: number, untilMs: number) => store.bars(VENUE, 'EURUSD', { fromMs, untilMs });
const charted = (fromMs: number, untilMs: number): Bar[] => chart(fromMs, untilMs).map(barOfCandle);

function heard(fromMs: number, untilMs: number): Bar[] {
  const bars = new Map<number, Bar>();
  for (const { instrument, bid, at, isTick } of ticks) {
    const minute = minuteOf(toMs(at));
    const bar = bars.get(minute);
    if (!isTick || instrument !== 'EURUSD' || minute < fromMs || minute >= untilMs) continue;
    bars.set(minute, bar ? withTick(bar, bid) : barOf(minute, bid));
  }
  return [...bars.values()];
}

it('stores what anybody makes of the ticks, to the last digit, and what nobody heard as the chart has it', async () => {
  await own();
  await until(() => snapshots === 1);
  nowMs += 30_000;
  await listen(4 * MINUTE);
  const settledMs = minuteOf(nowMs);
  await knows(settledMs);
  expect(heard(START + MINUTE, settledMs)).toHaveLength(3);
  expect(await stored(START + MINUTE, settledMs)).toEqual(heard(START + MINUTE, settledMs));
  expect(await stored(FLOOR, START + MINUTE)).toEqual(charted(FLOOR, START + MINUTE));
  expect(await stored(settledMs, settledMs + MINUTE)).toEqual(heard(settledMs, settledMs + MINUTE));
  // The newest day of all first, and only minutes whose charts have settled.
  expect(new Set(asked.slice(0, 2).map(({ instrument }) => instrument))).toEqual(new Set(SYMBOLS));
  for (const { to } of asked) expect(toMs(to)).toBeLessThanOrEqual(nowMs - 75_000);
});

it('after a kill another that waited takes over, minutes around it come from the chart, nothing settled changes', async () => {
  const first = await own();
  await until(() => snapshots === 1);
  await listen(2 * MINUTE);
  missed = 0;
  await knows(START + MINUTE);
  const second = await own();
  await until(() => second.trouble === null);
  const before = await stored(FLOOR, START + MINUTE);
  void first.stop();
  await source.query(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 7310004 and granted`,
  );
  await until(() => snapshots >= 2);
  nowMs += STEP_MS;
  await listen(4 * MINUTE);
  await knows(START + 5 * MINUTE);
  expect(missed).toBe(1);
  expect(await stored(FLOOR, START + MINUTE)).toEqual(before);
  expect(await stored(START + 2 * MINUTE, START + 3 * MINUTE)).toEqual(charted(START + 2 * MINUTE, START + 3 * MINUTE));
  expect(await stored(START + 3 * MINUTE, START + 5 * MINUTE)).toEqual(heard(START + 3 * MINUTE, START + 5 * MINUTE));
});

it.each([
  ['falls silent', (postgres: PostgresProxy) => postgres.hush()],
  ['is cut off', (postgres: PostgresProxy) => postgres.cut()],
])('when Postgres %s the venue is given up, and nothing settled changes once it is back', async (_, leave) => {
  const postgres = await PostgresProxy.before(database.url);
  try {
    const venue = await own(postgres.url, 2_000);
    await until(() => snapshots === 1);
    await listen(2 * MINUTE);
    await knows(START + MINUTE);
    const before = await stored(FLOOR, START + MINUTE);
    leave(postgres);
    // Without a price to write: whoever owns the venue asks.
    await until(() => venue.trouble !== null);
    nowMs += STEP_MS;
    const told = ticks.length;
    connector.publish(subjects.quotes(VENUE), JSON.stringify(quotesAt('51')));
    await connector.flush();
    postgres.speak();
    await until(() => snapshots === 2);
    expect(ticks).toHaveLength(told);
    await listen(4 * MINUTE);
    const settledMs = START + 5 * MINUTE;
    await knows(settledMs);
    expect(await stored(FLOOR, START + MINUTE)).toEqual(before);
    expect(await stored(START + 2 * MINUTE, START + 3 * MINUTE)).toEqual(
      charted(START + 2 * MINUTE, START + 3 * MINUTE),
    );
    expect(await stored(START + 3 * MINUTE, settledMs)).toEqual(heard(START + 3 * MINUTE, settledMs));
  } finally {
    await Promise.all(running.splice(0).map((venue) => venue.stop()));
    await postgres.stop();
  }
});

it('one at a time owns a venue, and who lost its lock writes nothing more', async () => {
  await Promise.all([own(), own(), own()]);
  await until(() => running.every(({ trouble }) => trouble === null));
  await until(() => snapshots === 1);
  const locks = (): Promise<{ pid: number }[]> =>
    source.query(`select pid from pg_locks where locktype = 'advisory' and classid = 7310004 and granted`);
  for (let kills = 1; kills <= 3; kills += 1) {
    const [held, ...others] = await locks();
    expect(others).toEqual([]);
    await source.query('select pg_terminate_backend($1)', [held?.pid]);
    await until(async () => snapshots > kills && (await locks()).some(({ pid }) => pid !== held?.pid));
  }
  await listen(2 * MINUTE);
  await knows(START + MINUTE);
});

it('who is frozen owns a venue no more once another waits, and who lives keeps it', async () => {
  const frozen = new Client({ connectionString: database.url });
  const ended = new Promise((resolve) => frozen.on('error', resolve));
  await frozen.connect();
  await frozen.query('select pg_advisory_lock(7310004, hashtext($1))', [VENUE]);
  await own();
  expect(await ended).toMatchObject({ code: '57P01' });
  await until(() => snapshots === 1);
  await own();
  await until(() => running.every(({ trouble }) => trouble === null));
  await listen(2 * MINUTE);
  await knows(START + MINUTE);
  expect(snapshots).toBe(1);
});

it.each([
  ['a connector that was away', async () => void (nowMs += 22 * STEP_MS)],
  ['a price stream that was lost', async () => tell('50', { streamedSince: instantFromMs(START + 1) })],
  [
    'NATS that was away',
    async () => {
      await nats.kill();
      await nats.boot();
      const isBack = (connection: NatsConnection): Promise<boolean> =>
        withTimeout(succeeds(connection.rtt()), 250, () => false);
      const areBack = async (): Promise<boolean> =>
        (await Promise.all([connector, ...owners].map(isBack))).every(Boolean);
      await until(areBack);
    },
  ],
])('of %s the minutes are the chart’s', async (_, away) => {
  await own();
  await until(() => snapshots === 1);
  await listen(90_000, { streamedSince: instantFromMs(START) });
  const awayMs = minuteOf(nowMs);
  await away();
  const backMs = minuteOf(nowMs) + MINUTE;
  await listen(4 * MINUTE, { streamedSince: instantFromMs(START + 1) });
  await knows(minuteOf(nowMs));
  expect(await stored(awayMs, backMs)).toEqual(charted(awayMs, backMs));
  expect(await stored(backMs, minuteOf(nowMs))).toEqual(heard(backMs, minuteOf(nowMs)));
});

it('tables that were wiped fill again, and a chart that is away is asked until it answers', async () => {
  const first = await own();
  await knows(START - 2 * MINUTE);
  const before = await stored(FLOOR, START - 2 * MINUTE);
  expect(before).toEqual(charted(FLOOR, START - 2 * MINUTE));
  await first.stop();
  await source.query('truncate market_data.bar, market_data.known_range');
  isTold = false;
  await own();
  await until(() => snapshots === 2);
  isTold = true;
  await knows(START - 2 * MINUTE);
  expect(await stored(FLOOR, START - 2 * MINUTE)).toEqual(before);
});
