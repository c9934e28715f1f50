import { MarketClient } from '@core/bus/market-client';
import type { Candles, CandleRequest } from '@core/contracts/market/candle';
import { compare, maximum, minimum } from '@core/kernel/decimal';
import { instantFromMs } from '@core/kernel/instant';
import { present } from '@core/kernel/present';
import { PATIENCE_MS, until } from '@core/testing/until';
import { ConnectorHarness, VENUE } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

const HOUR_MS = 3_600_000;

describe('a market that is asked about', () => {
  let harness: ConnectorHarness;
  let trading: TradingAccount;
  let market: MarketClient;

  beforeAll(async () => {
    harness = await ConnectorHarness.open({
      connector: { QUESTION_INTERVAL_MS: '210', QUESTIONS_MAX: '8', CANDLE_BLOCK: '500', ASK_PRICES_MS: '3600000' },
    });
    market = new MarketClient(harness.connection);
    trading = await harness.account();
  });
  afterAll(() => harness?.close());
  afterEach(() => harness.calm());

  const last = (count: number, fields: Partial<CandleRequest> = {}): CandleRequest => ({
    ...{ venue: VENUE, instrument: 'EURUSD', period: 'M1', to: null, count },
    ...fields,
  });
  async function candles(request: CandleRequest): Promise<Candles> {
    const answer = await market.candles(request, PATIENCE_MS);
    if (!answer.ok) throw new Error(`${answer.reason}: ${answer.text}`);
    return answer;
  }
  /** Counts the commands of a name from now on. */
  async function counting(command: string, ms = 0): Promise<() => Promise<number>> {
    const { id } = await harness.fault({ kind: 'delay-reply', command, ms });
    const faults = (): Promise<{ id: number; struck: number }[]> => harness.broker('GET', 'faults');
    return async () => (await faults()).find((fault) => fault.id === id)?.struck ?? 0;
  }

  it('gives the candles that are running, at the price of now', async () => {
    await harness.broker('PUT', 'prices/EURUSD', { bid: '1.2345', hold: true });
    await until(async () => (await candles(last(1))).candles[0]?.close === '1.2345');
  });

  it('gives candles of hours that are those of their minutes', async () => {
    const from = Math.floor(Date.now() / HOUR_MS - 5) * HOUR_MS;
    const range = {
      venue: VENUE,
      instrument: 'EURUSD',
      from: instantFromMs(from),
      to: instantFromMs(from + 3 * HOUR_MS),
    };
    const hours = await candles({ ...range, period: 'H1' });
    const minutes = await candles({ ...range, period: 'M1' });
    expect([hours, minutes].map(({ candles: { length }, more }) => [length, more])).toEqual([
      [3, null],
      [180, null],
    ]);
    for (const [n, hour] of hours.candles.entries()) {
      const its = minutes.candles.slice(60 * n, 60 * (n + 1));
      expect(hour).toMatchObject({
        openedAt: its[0]?.openedAt,
        open: its[0]?.open,
        close: its.at(-1)?.close,
        high: its.map(({ high }) => high).reduce(maximum),
        low: its.map(({ low }) => low).reduce(minimum),
      });
    }
  });

  it('asks the broker once for what many want, and never again for what has ended', async () => {
    const asked = await counting('getChartRangeRequest', 300);
    const wanted = last(50, { instrument: 'GOLD', to: instantFromMs(Date.now() - 9 * 24 * HOUR_MS) });
    const answers = await Promise.all(Array.from({ length: 6 }, () => candles(wanted)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const commands = await asked();
    expect(commands).toBeLessThanOrEqual(2);
    await candles(wanted);
    expect(await asked()).toBe(commands);
  });

  it('asks for less when the broker finds it too much', async () => {
    await harness.fault({ kind: 'reply-error', command: 'getChartRangeRequest', code: 'EX009', times: 1 });
    const all = await market.allCandles(
      last(900, { instrument: 'GBPUSD', to: instantFromMs(Date.now() - 8 * 24 * HOUR_MS) }),
      {
        candlesMax: 5_000,
        pageTimeoutMs: PATIENCE_MS,
      },
    );
    if (!Array.isArray(all)) throw new Error(all.reason);
    expect(all).toHaveLength(900);
    expect(all.map(({ openedAt }) => openedAt)).toEqual(all.map(({ openedAt }) => openedAt).toSorted());
  });

  it('puts trades first, and turns away what is too much to wait for', async () => {
    await harness.fault({ kind: 'delay-reply', command: 'getChartRangeRequest', ms: 400 });
    const periods = ['M1', 'M5', 'M15', 'M30', 'H1', 'H4', 'D1', 'W1', 'MN1'] as const;
    let answered = 0;
    const charts = periods.map(async (period) => {
      const answer = await market.candles(last(100, { instrument: 'USDJPY', period }), PATIENCE_MS);
      answered += 1;
      return answer.ok ? 'candles' : answer.reason;
    });
    const orderId = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    expect(answered).toBeLessThan(periods.length);
    expect((await Promise.all(charts)).toSorted()).toEqual([
      ...Array<string>(1).fill('busy'),
      ...Array<string>(8).fill('candles'),
    ]);
  });

  it('gives the hours in which an instrument trades, by the wall clock of a zone', async () => {
    await harness.broker('PATCH', 'knobs', { market: { alwaysOpen: false } });
    const asked = await counting('getTradingHours');
    const instruments = ['EURUSD', 'US500'];
    const answer = await market.hours({ venue: VENUE, instruments }, PATIENCE_MS);
    if (!answer.ok) throw new Error(answer.reason);
    expect(answer.hours.map(({ instrument, zone }) => [instrument, zone])).toEqual([
      ['EURUSD', 'Europe/Warsaw'],
      ['US500', 'Europe/Warsaw'],
    ]);
    expect(answer.hours[0]?.trading.at(-1)).toEqual({ day: 7, fromMinute: 23 * 60, toMinute: 24 * 60 });
    expect(await market.hours({ venue: VENUE, instruments: ['US500'] }, PATIENCE_MS)).toMatchObject({ ok: true });
    expect(await asked()).toBe(1);
  });

  it('shows its book, level by level', async () => {
    await harness.broker('PUT', 'prices/EURUSD', { bid: '1.1' });
    const snapshot = present(await market.snapshot(VENUE, PATIENCE_MS), 'no market');
    const { bid, ask, bids, asks } = present(
      snapshot.quotes.find(({ instrument }) => instrument === 'EURUSD'),
      'no quote',
    );
    expect([bids.length, asks.length]).toEqual([5, 5]);
    expect([bids[0]?.[0], asks[0]?.[0]]).toEqual([bid, ask]);
    for (const [n, [price, lots]] of bids.entries()) {
      expect(Number(lots)).toBeGreaterThan(0);
      if (n > 0) expect(compare(price, bids[n - 1]?.[0] ?? '0')).toBe(-1);
    }
    expect(asks.map(([price]) => price)).toEqual(asks.map(([price]) => price).toSorted(compare));
  });

  it('says why it has no answer', async () => {
    expect(await market.candles(last(1, { instrument: 'NONE' }), PATIENCE_MS)).toMatchObject({
      reason: 'unknown-instrument',
    });
    expect(await market.candles(last(1, { venue: 'nowhere' }), PATIENCE_MS)).toMatchObject({
      reason: 'broker-unavailable',
    });
    expect(await market.hours({ venue: VENUE, instruments: ['NONE'] }, PATIENCE_MS)).toMatchObject({
      reason: 'unknown-instrument',
    });
    await harness.fault({ kind: 'lose-reply', command: 'getChartRangeRequest', executed: false });
    expect(await market.candles(last(1, { period: 'M5' }), PATIENCE_MS)).toMatchObject({
      reason: 'broker-unavailable',
    });
  });
});
