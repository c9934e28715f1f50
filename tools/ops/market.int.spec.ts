import { connectNats } from '@core/bus/nats-connection';
import type { Candle, CandleRequest } from '@core/contracts/market/candle';
import type { HoursRequest } from '@core/contracts/market/hours';
import { anInstrument } from '@core/contracts/market/example.fixture';
import { subjects } from '@core/contracts/subjects';
import { BarStore } from '@core/market-bars/bar-store';
import { marketEntities } from '@core/market-bars/entities';
import { migrateMarketBars } from '@core/market-bars/migrations';
import type { NatsConnection } from 'nats';
import { DataSource } from 'typeorm';
import { json, OpsHarness, ops } from './ops-harness.fixture.ts';

const VENUE = 'demo';
const TIME = '2026-01-05T10:00:00.000000Z';
const candle = (minute: number): Candle => ({
  openedAt: `2026-01-05T10:0${minute}:00.000000Z`,
  ...{ open: '1.1', high: '1.2', low: '1', close: '1.15', volume: '7' },
});

describe('ops market', () => {
  let harness: OpsHarness;
  let venue: NatsConnection;
  const asked: (CandleRequest | HoursRequest)[] = [];

  /** Somebody who speaks for the venue. */
  beforeAll(async () => {
    harness = await OpsHarness.open();
    venue = await connectNats({ url: process.env.NATS_URL ?? '', name: 'spec' });
    const answer = (subject: string, of: (body: never) => object): void => {
      venue.subscribe(subject, {
        callback: (_error, request) => {
          const body = request.json<CandleRequest | HoursRequest>();
          if ('venue' in body) asked.push(body);
          request.respond(JSON.stringify(of(body as never)));
        },
      });
    };
    answer(subjects.marketSnapshot(VENUE), () => ({
      venue: VENUE,
      instruments: [anInstrument(), anInstrument({ instrument: 'GOLD' })],
      quotes: [
        {
          ...{ instrument: 'EURUSD', bid: '1.1', ask: '1.2', time: TIME },
          bids: [
            ['1.1', '5'],
            ['1.09', null],
          ],
          asks: [['1.2', '6']],
        },
      ],
      states: [{ instrument: 'EURUSD', state: 'stale', since: '2026-01-05T09:59:00.000000Z' }],
    }));
    answer(subjects.hours(VENUE), ({ instruments }: HoursRequest) => {
      const trading = [1, 2, 3, 4].map((day) => ({ day, fromMinute: 0, toMinute: 1_440 }));
      const hours = { zone: 'Europe/Warsaw', trading, quotes: trading, readAt: TIME };
      return { ok: true, venue: VENUE, hours: instruments.map((instrument) => ({ instrument, ...hours })) };
    });
    answer(subjects.candles(VENUE), (request: CandleRequest) => {
      const { venue: at, instrument, period } = request;
      if (instrument === 'NONE') return { ok: false, reason: 'unknown-instrument', text: null };
      if (instrument === 'BUSY') return { ok: false, reason: 'busy', text: null };
      const isFirst = 'count' in request && request.count === 3;
      const candles = isFirst ? [candle(2), candle(3)] : [candle(1)];
      return { ok: true, venue: at, instrument, period, candles, more: isFirst ? candle(2).openedAt : null };
    });
    await venue.flush();
  });
  afterAll(async () => {
    await venue?.close();
    await harness?.close();
  });
  beforeEach(() => asked.splice(0));

  it('shows prices, and the book below them', async () => {
    expect((await ops('market', 'quotes', VENUE)).out).toMatch(
      /^instrument .* state *\nEURUSD +1\.1 +1\.2 +2 +2026-01-05 10:00\S* +stale since 2026-01-05 09:59/,
    );
    const { out } = await ops('market', 'depth', VENUE, 'EURUSD');
    expect(out.split('\n').slice(1)).toEqual(['0      5     1.1   1.2  6', '1      -     1.09  -    -']);
    expect(await json('market', 'depth', VENUE, 'EURUSD')).toMatchObject({ bid: '1.1', asks: [['1.2', '6']] });
  });

  it('shows instruments, all or one', async () => {
    expect((await ops('market', 'instruments', VENUE)).out.split('\n')).toHaveLength(3);
    expect(await json('market', 'instruments', VENUE, 'GOLD')).toMatchObject([{ instrument: 'GOLD' }]);
  });

  it('shows when instruments trade, in their zone', async () => {
    const { out } = await ops('market', 'hours', VENUE, 'EURUSD');
    expect(out.split('\n')[1]).toMatch(/^EURUSD +Europe\/Warsaw +Mon-Thu 00:00-24:00 +the same$/);
    expect(await json<unknown[]>('market', 'hours', VENUE)).toHaveLength(2);
  });

  it('shows candles, page after page', async () => {
    const { out } = await ops('market', 'candles', VENUE, 'EURUSD', '--period', 'M1', '--count', '3');
    expect(out.split('\n').map((line) => line.slice(0, 16).trim())).toEqual([
      'opened           open'.slice(0, 16).trim(),
      ...['2026-01-05 10:01', '2026-01-05 10:02', '2026-01-05 10:03'],
    ]);
    expect(asked).toMatchObject([
      { count: 3, period: 'M1', to: null },
      { count: 1, to: candle(2).openedAt },
    ]);
    await ops('market', 'candles', VENUE, 'EURUSD', '--from', '2026-01-05');
    expect(asked.at(-1)).toMatchObject({ from: '2026-01-05T00:00:00.000000Z', to: null, period: 'H1' });
  });

  it('shows how far stored bars reach, and what is missing', async () => {
    await migrateMarketBars(harness.database.url);
    expect(await ops('market', 'bars', VENUE)).toMatchObject({ code: 2, err: expect.stringContaining('nobody') });
    const source = await new DataSource({
      ...{ type: 'postgres', url: harness.database.url, entities: marketEntities },
    }).initialize();
    const store = new BarStore(source.manager);
    const at = (hour: number): number => Date.UTC(2026, 0, 5, hour);
    await store.putTerms(VENUE, { floorMs: at(0), dayZone: 'Europe/Warsaw' });
    await store.settle(VENUE, { fromMs: at(8), untilMs: at(10) }, new Map([['EURUSD', []]]));
    await store.settle(VENUE, { fromMs: at(0), untilMs: at(6) }, new Map([['EURUSD', []]]));
    await source.destroy();
    const { out } = await ops('market', 'bars', VENUE);
    expect(out.split('\n')[1]).toMatch(
      /^EURUSD +2026-01-05 00:00 +2026-01-05 10:00 +1 +2026-01-05 06:00 to 2026-01-05 08:00/,
    );
    expect(await json('market', 'bars', VENUE, 'GOLD')).toEqual([]);
  });

  it.each([
    [2, ['candles', VENUE, 'NONE'], 'unknown-instrument'],
    [1, ['candles', VENUE, 'BUSY'], 'busy'],
    [1, ['candles', 'elsewhere', 'EURUSD'], 'nobody speaks for the venue'],
    [1, ['quotes', 'elsewhere'], 'nobody speaks for elsewhere'],
    [2, ['quotes', VENUE, 'NONE'], 'there is no NONE'],
    [2, ['quotes', 'No Venue'], 'is no venue'],
    [2, ['candles', VENUE, 'EURUSD', '--count', '0'], '--count is a number'],
    [2, ['candles', VENUE, 'EURUSD', '--from', 'now'], '--from is a moment'],
    [2, ['candles', VENUE, 'EURUSD', '--from', '2026-01-05', '--count', '1'], 'not both'],
    [2, ['candles', VENUE, 'EURUSD', '--period', 'M2'], 'Allowed choices'],
  ])('ends with %i for %j: %s', async (code, args, words) => {
    expect(await ops('market', ...args)).toMatchObject({ code, out: '', err: expect.stringContaining(words) });
  });
});
