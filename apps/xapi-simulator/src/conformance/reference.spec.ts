import type { JsonObject } from '@core/xapi/wire/json-splitter';
import { BrokerControl } from '../control/broker-control.ts';
import { aSimulator, EXAMPLE_PASSWORD, TUESDAY_MS } from '../in-memory/example.fixture.ts';
import { MemoryClient } from '../in-memory/memory-client.ts';

// What the market tells besides charts and streams: order books, releases, news, steps, introduced clients, hours.

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function asking(userId = '10001', behaviour = {}, startMs = TUESDAY_MS) {
  const account = { userId, password: EXAMPLE_PASSWORD, currency: 'USD', balance: 1_000_000, leverage: 100 } as const;
  const simulator = aSimulator(behaviour, { accounts: [account], startMs });
  const client = new MemoryClient(simulator, userId);
  client.login(EXAMPLE_PASSWORD);
  const ask = <Answer>(command: string, takes?: JsonObject): Answer => client.ask(command, takes).returnData as Answer;
  return { simulator, client, ask };
}

interface Level {
  readonly level: number;
  readonly bid: number;
  readonly ask: number;
  readonly symbol: string;
}

describe('an order book', () => {
  const quotations = (ask: ReturnType<typeof asking>['ask'], level: number, timestamp = 0, symbols = ['EURUSD']) =>
    ask<{ quotations: Level[] }>('getTickPrices', { level, symbols, timestamp }).quotations;

  it('gets worse level by level, from the price that is quoted', () => {
    const { ask } = asking();
    const levels = quotations(ask, -1);
    expect(levels.map(({ level }) => level)).toEqual([0, 1, 2, 3, 4]);
    for (const [index, { bid, ask: offered }] of levels.entries()) {
      const better = levels[index - 1];
      if (better) expect([bid < better.bid, offered > better.ask]).toEqual([true, true]);
    }
    const { bid, ask: offered } = ask<JsonObject>('getSymbol', { symbol: 'EURUSD' });
    expect(levels[0]).toMatchObject({ bid, ask: offered });
    expect(quotations(ask, 0)).toEqual([levels[0]]);
    expect(quotations(ask, 3)).toEqual([levels[3]]);
    for (const none of [5, -2, Number.MIN_SAFE_INTEGER]) expect(quotations(ask, none)).toEqual([]);
    expect(quotations(ask, -1, 0, ['BITCOIN', 'NOTHING', 'GOLD']).map(({ symbol }) => symbol)).toEqual([
      'BITCOIN',
      ...['GOLD', 'GOLD', 'GOLD'],
    ]);
  });

  it('is told only when it changed since', () => {
    const { simulator, client, ask } = asking();
    expect(quotations(ask, 0, TUESDAY_MS)).toEqual([]);
    const before = simulator.broker.time;
    client.wait(10);
    new BrokerControl(simulator).setPrice({ symbol: 'EURUSD', bid: '1.09' });
    expect(quotations(ask, 0, before)).toMatchObject([{ bid: 1.09, ask: 1.09009 }]);
  });
});

describe('the calendar', () => {
  it('shows a value when its time has come, the one that it keeps', () => {
    type Release = { time: number; current: string; title: string; impact: string };
    const { client, ask } = asking('10001', { sessionIdleMs: DAY_MS });
    const before = ask<Release[]>('getCalendar');
    const next = before.filter(({ time }) => time > TUESDAY_MS).sort((left, right) => left.time - right.time)[0];
    expect(before.every(({ time, current }) => (current === '') === time > TUESDAY_MS)).toBe(true);
    expect(new Set(before.map(({ impact }) => impact))).toEqual(new Set(['1', '2', '3']));
    client.wait((next?.time ?? 0) - TUESDAY_MS);
    const released = ask<Release[]>('getCalendar').find(
      ({ title, time }) => title === next?.title && time === next.time,
    );
    expect(released?.current).toMatch(/^-?\d+\.\d$/);
    client.wait(HOUR_MS);
    expect(ask<Release[]>('getCalendar')).toContainEqual(released);
  });
});

describe('news', () => {
  it('are streamed as they come, and told again for their time', () => {
    const { simulator, client, ask } = asking();
    client.subscribe('getNews');
    const from = simulator.broker.time;
    const item = { title: 'Zażółć "{gęślą}"', body: '<html>jaźń</html>' };
    new BrokerControl(simulator).news(item);
    client.wait(10);
    const [streamed, ...more] = client.frames('news');
    expect([streamed, more]).toEqual([{ ...item, key: expect.any(String), time: from }, []]);
    expect(ask('getNews', { start: from, end: 0 })).toEqual([
      { ...streamed, bodylen: item.body.length, timeString: expect.stringContaining('2024') },
    ]);
    expect(ask('getNews', { start: from + 1, end: 0 })).toEqual([]);
    expect(ask('getNews', { start: 1, end: from - 1 })).toEqual([]);
  });
});

describe('step rules', () => {
  it('give every instrument the step that it trades in', () => {
    type Rule = { id: number; steps: { fromValue: number; step: number }[] };
    const { ask } = asking();
    const rules = ask<Rule[]>('getStepRules');
    for (const { stepRuleId, lotStep, lotMin } of ask<JsonObject[]>('getAllSymbols')) {
      expect(rules.find(({ id }) => id === stepRuleId)?.steps).toEqual([{ fromValue: lotMin, step: lotStep }]);
    }
  });
});

describe('introduced clients', () => {
  const range = { start: TUESDAY_MS - 2 * DAY_MS, end: TUESDAY_MS };

  it('are told to an introducing broker, within the time that was asked for, the same each time', () => {
    const { ask } = asking('IB7');
    expect(ask('getCurrentUserData')).toMatchObject({ ibAccount: true });
    const records = ask<{ timestamp: number }[]>('getIbsHistory', range);
    expect(records.length).toBeGreaterThan(3);
    for (const { timestamp } of records) {
      expect([range.start <= timestamp, timestamp <= range.end]).toEqual([true, true]);
    }
    expect(ask('getIbsHistory', range)).toEqual(records);
  });

  it('are nobody’s else', () => {
    const { ask } = asking();
    expect(ask('getCurrentUserData')).toMatchObject({ ibAccount: false });
    expect(ask('getIbsHistory', range)).toEqual([]);
  });
});

describe('trading hours', () => {
  it('are told by the server’s clock, the same in winter and in summer', () => {
    const hours = (at: number): unknown =>
      asking('10001', { market: { alwaysOpen: false } }, at).ask('getTradingHours', { symbols: ['AAPL.US_9'] });
    const winter = hours(Date.UTC(2024, 2, 5));
    const session = { fromT: 15.5 * HOUR_MS, toT: 22 * HOUR_MS };
    const week = [1, 2, 3, 4, 5].map((day) => ({ day, ...session }));
    expect(winter).toEqual([{ symbol: 'AAPL.US_9', quotes: week, trading: week }]);
    expect(hours(Date.UTC(2024, 6, 5))).toEqual(winter);
  });
});
