import { Period } from '@core/xapi/wire/enums';
import { BrokerControl } from '../control/broker-control.ts';
import { aSimulator, aTrader, EXAMPLE_PASSWORD, TUESDAY_MS } from '../in-memory/example.fixture.ts';
import { MemoryClient } from '../in-memory/memory-client.ts';
import { MINUTE_MS, periodStartMs } from './periods.ts';

const DAY_MS = 86_400_000;

type Rate = { ctm: number; open: number; close: number; high: number; low: number; vol: number };

function charts(behaviour = {}) {
  const simulator = aSimulator(behaviour);
  const client = aTrader(simulator);
  const chart = (command: string, info: object): Rate[] => {
    const reply = client.ask(command, { info: { symbol: 'EURUSD', ...info } });
    return (reply.returnData as { rateInfos: Rate[] }).rateInfos;
  };
  return { simulator, client, chart, now: () => simulator.broker.time };
}

describe('charts', () => {
  it('join on to the candles of the stream, tick for tick', () => {
    const { client, chart } = charts({ market: { ticksPerSecond: 5 } });
    client.subscribe('getCandles', { symbol: 'EURUSD' });
    for (let minute = 0; minute < 4; minute++) client.wait(MINUTE_MS);
    const streamed = client.frames('candle');
    expect(streamed).toHaveLength(4);
    const charted = chart('getChartLastRequest', { period: 1, start: TUESDAY_MS - 10 * MINUTE_MS });
    const last = streamed.at(-1);
    expect(charted.find(({ ctm }) => ctm === last?.ctm)).toMatchObject({
      open: Math.round(Number(last?.open) * 100_000),
      close: Math.round((Number(last?.close) - Number(last?.open)) * 100_000),
      high: Math.round((Number(last?.high) - Number(last?.open)) * 100_000),
      low: Math.round((Number(last?.low) - Number(last?.open)) * 100_000),
      vol: last?.vol,
    });
  });

  /** 50 minutes of a market, begun at the start of an hour, with what the stream told of them. */
  const live = (() => {
    const startMs = TUESDAY_MS - (TUESDAY_MS % (60 * MINUTE_MS));
    const simulator = aSimulator({ market: { ticksPerSecond: 1 } }, { startMs });
    const client = new MemoryClient(simulator, '10001');
    client.login(EXAMPLE_PASSWORD);
    client.subscribe('getCandles', { symbol: 'EURUSD' });
    for (let minute = 0; minute < 50; minute++) {
      client.wait(MINUTE_MS);
      client.ask('ping');
    }
    const points = (price: unknown): number => Math.round(Number(price) * 100_000);
    const streamed = client.frames('candle').map(({ ctm, open, high, low, close, vol }) => ({
      ...{ ctm: Number(ctm), open: points(open), high: points(high), low: points(low), close: points(close) },
      vol: Number(vol),
    }));
    return { startMs, client, streamed };
  })();

  it.each(Object.entries(Period).filter(([, period]) => period <= 30))(
    'of %s are, tick for tick, what the stream’s candles of one minute add up to',
    (_name, period) => {
      const { startMs, client, streamed } = live;
      expect(streamed).toHaveLength(50);
      const info = { symbol: 'EURUSD', period, start: startMs - 1, end: startMs + 50 * MINUTE_MS, ticks: 0 };
      const { rateInfos } = client.ask('getChartRangeRequest', { info }).returnData as { rateInfos: Rate[] };
      const whole = rateInfos.filter(({ ctm }) => ctm + period * MINUTE_MS <= startMs + 50 * MINUTE_MS);
      expect(whole).toHaveLength(Math.floor(50 / period));
      for (const { ctm, open, high, low, close, vol } of whole) {
        const minutes = streamed.filter((minute) => ctm <= minute.ctm && minute.ctm < ctm + period * MINUTE_MS);
        expect(minutes).toHaveLength(period);
        expect({ open, high: open + high, low: open + low, close: open + close, vol }).toEqual({
          open: minutes[0]?.open,
          high: Math.max(...minutes.map((minute) => minute.high)),
          low: Math.min(...minutes.map((minute) => minute.low)),
          close: minutes.at(-1)?.close,
          vol: minutes.reduce((sum, minute) => sum + minute.vol, 0),
        });
      }
    },
  );

  it.each(Object.entries(Period))('of %s end in the tick that came last, unfinished or not', (_name, period) => {
    const { startMs, client } = live;
    const info = { symbol: 'EURUSD', period, start: startMs - 2 * period * MINUTE_MS };
    const { rateInfos } = client.ask('getChartLastRequest', { info }).returnData as { rateInfos: Rate[] };
    const last = rateInfos.at(-1);
    const { bid } = client.ask('getSymbol', { symbol: 'EURUSD' }).returnData as { bid: number };
    expect((last?.open ?? 0) + (last?.close ?? 0)).toBe(Math.round(bid * 100_000));
  });

  it.each(Object.entries(Period))('of %s are regular, consistent and in order', (_name, period) => {
    const { chart, now } = charts();
    const count = period < Period.H4 ? 40 : 4;
    const rates = chart('getChartRangeRequest', {
      period,
      start: now() - count * period * MINUTE_MS,
      end: now(),
      ticks: 0,
    });
    expect(rates.length).toBeGreaterThanOrEqual(count - 1);
    for (const { ctm, high, low, close } of rates) {
      expect(periodStartMs(period, ctm)).toBe(ctm);
      expect(low).toBeLessThanOrEqual(Math.min(0, close));
      expect(high).toBeGreaterThanOrEqual(Math.max(0, close));
    }
    const starts = rates.map(({ ctm }) => ctm);
    expect(starts).toEqual([...new Set(starts)].sort((left, right) => left - right));
  });

  it('of an hour are made of their minutes', () => {
    const { chart } = charts();
    const start = TUESDAY_MS - (TUESDAY_MS % (60 * MINUTE_MS)) - 3 * 60 * MINUTE_MS;
    const [hour] = chart('getChartRangeRequest', {
      period: 60,
      start: start - 1,
      end: start + 90 * MINUTE_MS,
      ticks: 0,
    });
    const minutes = chart('getChartRangeRequest', {
      period: 1,
      start: start - 1,
      end: start + 60 * MINUTE_MS,
      ticks: 0,
    });
    expect(minutes).toHaveLength(60);
    expect(hour?.open).toBe(minutes[0]?.open);
    expect((hour?.open ?? 0) + (hour?.high ?? 0)).toBe(Math.max(...minutes.map(({ open, high }) => open + high)));
    expect(hour?.vol).toBe(minutes.reduce((sum, { vol }) => sum + vol, 0));
  });

  it('lead up to the price at which the simulator began', () => {
    const { chart } = charts();
    const last = chart('getChartLastRequest', { period: 1, start: TUESDAY_MS - 5 * MINUTE_MS }).at(-1);
    expect((last?.open ?? 0) + (last?.close ?? 0)).toBe(108_450);
  });

  it('exclude their rounded start and end, and count forwards or backwards on demand', () => {
    const { chart, now } = charts();
    const at = periodStartMs(5, now()) - 60 * MINUTE_MS;
    const starts = (info: object): number[] =>
      chart('getChartRangeRequest', { period: 5, ...info }).map(({ ctm }) => (ctm - at) / MINUTE_MS);
    expect(starts({ start: at + 1, end: at + 15 * MINUTE_MS + 1, ticks: 0 })).toEqual([5, 10]);
    expect(starts({ start: at + 1, end: 0, ticks: 3 })).toEqual([0, 5, 10]);
    expect(starts({ start: at + 1, end: 0, ticks: -3 })).toEqual([-10, -5, 0]);
  });

  it('of minutes reach a month back, and no further', () => {
    const { client, chart, now } = charts();
    const first = chart('getChartRangeRequest', {
      period: 5,
      start: now() - 40 * DAY_MS,
      end: now() - 29 * DAY_MS,
      ticks: 0,
    })[0];
    expect(Math.round((now() - (first?.ctm ?? 0)) / DAY_MS)).toBe(30);
    expect(
      client.ask('getChartLastRequest', { info: { symbol: 'EURUSD', period: 1, start: now() - 36 * DAY_MS } }),
    ).toMatchObject({
      errorCode: 'EX009',
    });
  });

  it('stay in order when the server’s clock is set back', () => {
    const { simulator, client, chart, now } = charts({ market: { ticksPerSecond: 1 } });
    client.wait(3 * MINUTE_MS);
    simulator.changeBehaviour({ clockSkewMs: -2 * MINUTE_MS });
    client.wait(4 * MINUTE_MS);
    const starts = chart('getChartLastRequest', { period: 1, start: TUESDAY_MS - 2 * MINUTE_MS }).map(({ ctm }) => ctm);
    expect(starts).toEqual([...new Set(starts)].sort((left, right) => left - right));
    expect(starts.at(-1)).toBe(now() - (now() % MINUTE_MS));
  });

  it('have holes where the market was closed', () => {
    const { chart, now } = charts({ market: { alwaysOpen: false } });
    const days = chart('getChartRangeRequest', { period: 60, start: now() - 7 * DAY_MS, end: now(), ticks: 0 });
    const saturday = Date.UTC(2024, 2, 2, 12);
    expect(days.some(({ ctm }) => ctm === saturday)).toBe(false);
    expect(days.some(({ ctm }) => ctm === saturday - DAY_MS)).toBe(true);
  });

  it('are the same for everyone who asks, and from the same seed', () => {
    const ask = () => {
      const simulator = aSimulator();
      const client = new MemoryClient(simulator, '10001');
      client.login(EXAMPLE_PASSWORD);
      return client.ask('getChartLastRequest', {
        info: { symbol: 'GOLD', period: 240, start: TUESDAY_MS - 5 * DAY_MS },
      });
    };
    expect(ask()).toEqual(ask());
  });

  it('follow a price that a human sets', () => {
    const { simulator, client, chart } = charts();
    new BrokerControl(simulator).setPrice({ symbol: 'EURUSD', bid: '1.2' });
    client.wait(100);
    const last = chart('getChartLastRequest', { period: 1, start: TUESDAY_MS - 5 * MINUTE_MS }).at(-1);
    expect((last?.open ?? 0) + (last?.close ?? 0)).toBe(120_000);
  });
});
