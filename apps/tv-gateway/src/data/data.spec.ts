import { barOf, withTick, type Bar } from '@core/bars/bar';
import { minuteOf } from '@core/bars/minute-series';
import { Failure } from '@core/tradingview/wire/envelope';
import type { HistoryAnswer } from '@core/tradingview/wire/feed';
import fc from 'fast-check';
import { GatewayHarness } from '../gateway-harness.fixture.ts';
import { ada, bob } from '../memory-ports.fixture.ts';

const MINUTE = 60_000;
/** A Monday noon in Warsaw's winter: its trading day began an hour before 00:00 UTC of it. */
const NOW_MS = Date.UTC(2026, 0, 5, 11, 0, 20);
const DAY_S = Date.UTC(2026, 0, 5) / 1000;
const token = 'the-token';

let gateway: GatewayHarness;
beforeEach(async () => {
  jest.spyOn(Date, 'now').mockReturnValue(NOW_MS);
  gateway = await GatewayHarness.start({ DATA_VENUE: 'demo', DATA_TOKEN: token, DATA_EXCHANGE: 'ACME' });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await gateway.stop();
});

describe('/symbol_info', () => {
  it('has all of the venue, as JSON, though no account trades there and nobody has told of it', async () => {
    const answer = await gateway.success('GET /symbol_info', { token });
    expect(answer).toMatchObject({
      symbol: ['EURUSD', 'USDJPY'],
      pricescale: [100_000, 1_000],
      timezone: ['Europe/Warsaw', 'Europe/Warsaw'],
      'session-regular': ['0000-0000:23456', '0000-0000:23456'],
      'exchange-listed': ['ACME', 'ACME'],
      'has-daily': [true, true],
    });
  });

  it('without groups takes any group for all of them; with them has one or all', async () => {
    const symbols = async (query: Record<string, string>) =>
      (await gateway.success('GET /symbol_info', { token, query })).symbol;
    expect(await symbols({ group: 'whatever' })).toEqual(['EURUSD', 'USDJPY']);
    const { groups } = gateway.ports.data;
    groups.push({ id: 'acme_euro', instruments: ['EURUSD'], traderIds: null });
    groups.push({ id: 'acme_old', instruments: [], traderIds: null });
    expect(await symbols({})).toEqual(['EURUSD', 'USDJPY']);
    expect(await symbols({ group: 'acme_euro' })).toEqual(['EURUSD']);
    const failure = (group: string) => gateway.failure('GET /symbol_info', { token, query: { group } });
    expect(await failure('acme_old')).toBe('There are no symbols.');
    expect(await failure('acme_none')).toBe('There is no such group.');
  });

  it('is an error while the broker tells no hours, and not a list of nothing', async () => {
    await gateway.stop();
    gateway = await GatewayHarness.start({ DATA_VENUE: 'elsewhere', DATA_TOKEN: token });
    expect(await gateway.failure('GET /symbol_info', { token })).toMatch(/not connected/);
  });
});

it('/groups names them, and /permissions those of whoever asks with a trader’s token', async () => {
  const { groups } = gateway.ports.data;
  groups.push({ id: 'acme_euro', instruments: ['EURUSD'], traderIds: [ada] });
  groups.push({ id: 'acme_rest', instruments: ['USDJPY'], traderIds: null });
  groups.push({ id: 'acme_secret', instruments: [], traderIds: [bob] });
  expect((await gateway.success('GET /groups', { token })).d.groups).toEqual(groups.map(({ id }) => ({ id })));
  const ofAda = await gateway.success('GET /permissions', { token: await gateway.login('ada') });
  expect(ofAda.d.groups).toEqual(['acme_euro', 'acme_rest']);
  expect((await gateway.call('GET /permissions', { token })).statusCode).toBe(401);
});

describe('/history', () => {
  const ask = (query: Record<string, string | number>): Promise<HistoryAnswer> =>
    gateway.success('GET /history', {
      token,
      query: { symbol: 'EURUSD', resolution: '1', ...texts(query) },
    });
  const texts = (query: object) => Object.fromEntries(Object.entries(query).map(([name, value]) => [name, `${value}`]));
  const seconds = (minute: number): number => DAY_S + minute * 60;

  /** Minutes of the trading day so far, every seventh of which had no tick, and the one that runs. */
  let bars: Bar[];
  beforeEach(() => {
    const { data } = gateway.ports;
    const beginMs = DAY_S * 1000 - 60 * MINUTE;
    bars = [];
    for (let atMs = beginMs; atMs <= NOW_MS; atMs += MINUTE)
      if (((atMs - beginMs) / MINUTE) % 7 !== 3)
        bars.push(withTick(barOf(atMs, `${1 + ((atMs / MINUTE) % 89)}`), '1.5'));
    data.bars.push(...bars);
    data.known = [{ fromMs: beginMs, untilMs: minuteOf(NOW_MS) }];
  });

  it('has bars whose moments lie from one to another, both included', async () => {
    const from = seconds(1);
    const one = await ask({ from, to: from });
    expect(one.t).toEqual([from]);
    expect(await ask({ from: from + 1, to: from + 59 })).toMatchObject({ t: [], o: [], v: [] });
    expect((await ask({ from: from + 1, to: from + 120 })).t).toEqual([from + 60, from + 120]);
    // Fifty minutes up to a second before the next: the window that TradingView tests.
    const outside = await ask({ from: seconds(10) + 1, to: seconds(60) - 1 });
    expect(outside.t.length).toBeLessThanOrEqual(50);
    expect([outside.t[0], outside.t.at(-1)]).toEqual([seconds(11), seconds(59)]);
  });

  it('is the same for a large question as for its parts, and for the same question again', async () => {
    const large = await ask({ from: seconds(0), to: seconds(199) });
    expect(large.t.length).toBeGreaterThan(150);
    const parts = [];
    for (let part = 0; part < 10; part += 1)
      parts.push(await ask({ from: seconds(part * 20), to: seconds(part * 20 + 19) }));
    for (const column of ['t', 'o', 'h', 'l', 'c', 'v'] as const)
      expect(parts.flatMap((each) => each[column])).toEqual(large[column]);
    expect(await ask({ from: seconds(0), to: seconds(199) })).toEqual(large);
  });

  it('tells nothing of the future, and of the minute that runs what it is', async () => {
    const now = Math.floor(NOW_MS / 1000);
    const { t } = await ask({ from: now - 600, to: now + 86_400 });
    expect(t.at(-1)).toBe(minuteOf(NOW_MS) / 1000);
    expect(await ask({ from: now + 60, to: now + 600 })).toMatchObject({ t: [] });
  });

  it('leaves out what waits for the broker’s chart, and all that comes after it', async () => {
    gateway.ports.data.known = [{ fromMs: DAY_S * 1000, untilMs: minuteOf(NOW_MS) - 2 * MINUTE }];
    const now = Math.floor(NOW_MS / 1000);
    const { t } = await ask({ from: now - 600, to: now });
    expect(t.at(-1)).toBeLessThan(minuteOf(NOW_MS) / 1000 - 120);
  });

  it('is an error where nothing but what waits for the chart was asked for, of longer bars too', async () => {
    gateway.ports.data.known = [{ fromMs: DAY_S * 1000, untilMs: minuteOf(NOW_MS) - 2 * MINUTE }];
    const minute = minuteOf(NOW_MS) / 1000;
    const whole = { symbol: 'EURUSD', resolution: '1' };
    for (const query of [
      { from: minute - 120, to: minute - 120 },
      { from: minute - 60, to: minute + 600 },
      { from: minute - 3_600, to: minute - 3_600, resolution: '60' },
    ])
      expect(await gateway.failure('GET /history', { token, query: { ...whole, ...texts(query) } })).toMatch(
        /not known yet/,
      );
    expect(await ask({ from: minute + 60, to: minute + 600 })).toMatchObject({ t: [] });
    const counted = await ask({ from: 0, to: minute, countback: 1 });
    const told = bars.filter(({ openedAtMs }) => openedAtMs / 1000 < minute - 120);
    expect(counted.t).toEqual([(told.at(-1)?.openedAtMs ?? 0) / 1000]);
  });

  it('is an error where bars are not known, which is not the same as there being none', async () => {
    const query = texts({ symbol: 'EURUSD', resolution: '1', from: seconds(-10_000), to: seconds(-9_000) });
    expect(await gateway.failure('GET /history', { token, query })).toMatch(/not known yet/);
  });

  it('has days at 00:00 UTC of the trading day, from the first minute of it to the last', async () => {
    for (const resolution of ['D', '1D']) {
      const day = await ask({ resolution, from: DAY_S, to: DAY_S + 86_400 });
      expect(day.t).toEqual([DAY_S]);
      expect([day.o[0], day.c[0]]).toEqual([Number(bars[0]?.open), Number(bars.at(-1)?.close)]);
      expect(day.v[0]).toBe(bars.reduce((sum, { volume }) => sum + volume, 0));
    }
  });

  it('counts back from the last one, wherever the question begins', async () => {
    const to = seconds(100);
    for (const countback of [1, 10, 60]) {
      const counted = await ask({ to, countback, from: to });
      expect(counted.t).toHaveLength(countback);
      expect(counted.t).toEqual((await ask({ from: 0, to })).t.slice(-countback));
    }
  });

  it('is an error where it is too much for one answer', async () => {
    const whole = { symbol: 'EURUSD', from: '0', to: `${seconds(720)}` };
    for (const change of [{ from: '0' }, { countback: '501' }, { countback: '1e15' }] as Record<string, string>[])
      expect(await gateway.failure('GET /history', { token, query: { ...whole, ...change, resolution: '1' } })).toMatch(
        /too many/,
      );
    expect((await ask({ ...whole, resolution: '60' })).t).toHaveLength(13);
    expect((await ask({ ...whole, countback: 500 })).t).toHaveLength(500);
  });

  it('is what the minutes are, however it is asked', async () => {
    const window = fc.tuple(fc.integer({ min: -60, max: 700 }), fc.integer({ min: 0, max: 300 }), fc.nat(59));
    await fc.assert(
      fc.asyncProperty(window, async ([begin, length, second]) => {
        const [from, to] = [seconds(begin) + second, seconds(begin + length)];
        const { t } = await ask({ from, to });
        const wanted = bars.map(({ openedAtMs }) => openedAtMs / 1000).filter((at) => from <= at && at <= to);
        expect(t).toEqual(wanted);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    [{ symbol: 'NONE' }, 'Unknown instrument.'],
    [{ resolution: '1W' }, 'There are no bars of resolution 1W.'],
    [{ resolution: 'constructor' }, 'resolution must have 1 to 8 characters.'],
    [{ from: 'yesterday' }, 'from must be a time in Unix seconds.'],
    [{ to: '1e400' }, 'to must be a time in Unix seconds.'],
    [{ countback: '0' }, 'countback must be a whole number greater than zero.'],
  ])('does not take %j', async (change, text) => {
    const query = {
      symbol: 'EURUSD',
      resolution: '1',
      ...texts({ from: seconds(0), to: seconds(9) }),
      ...texts(change),
    };
    const response = await gateway.call('GET /history', { token, query });
    expect(Failure.parse(response.json()).errmsg).toBe(text);
  });
});
