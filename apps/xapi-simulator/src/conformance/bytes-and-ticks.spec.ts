import { JsonSplitter, type JsonObject } from '@core/xapi/wire/json-splitter';
import { BrokerControl } from '../control/broker-control.ts';
import { Fault } from '../core/faults.ts';
import type { BehaviourChanges } from '../core/behaviour-settings.ts';
import { aSimulator, aTrader, EXAMPLE_PASSWORD } from '../in-memory/example.fixture.ts';
import { MemoryClient } from '../in-memory/memory-client.ts';

// How bytes and ticks go out as settings and faults have it (wire-behaviour §10, 46–55 and 61).

const ORDER = { type: 0, cmd: 0, symbol: 'EURUSD', volume: 0.1, price: 1, customComment: 'a1' };

describe('bytes', () => {
  it('can break off in the middle of a message', () => {
    const simulator = aSimulator();
    const client = aTrader(simulator);
    simulator.faults.set(Fault.parse({ kind: 'truncate', socket: 'main', times: 1 }));
    const text = client.askForText('getVersion');
    expect([text, client.main.ended]).toEqual(['{"status":true,"returnDa', 'closed']);
    expect(new JsonSplitter(1_024).push(Buffer.from(text)).messages).toEqual([]);
  });

  it.each([
    ['integers', '"balance":10000,', '"equity":9999.1,'],
    ['floats', '"balance":10000.0,', '"equity":9999.1,'],
    ['padded', '"balance":10000.00000000,', '"equity":9999.10000000,'],
  ] as const)('can print numbers as %s', (numbers, ...printed) => {
    const simulator = aSimulator({ wire: { numbers } });
    const client = aTrader(simulator);
    client.ask('tradeTransaction', { tradeTransInfo: ORDER });
    const balance = client.stream.received
      .map(({ message }) => message)
      .filter((message) => message.includes('"balance"'));
    for (const text of printed) expect(balance.at(-1)).toContain(text);
    expect(client.frames('trade').at(-1)).toMatchObject({ symbol: 'EURUSD', volume: 0.1, customComment: 'a1' });
  });

  it('can hold fields that no document knows', () => {
    const simulator = aSimulator({ wire: { unknownFields: true } });
    const client = aTrader(simulator);
    expect(client.ask('getVersion')).toMatchObject({ status: true, zzUnknown: {}, returnData: { version: '2.5.0' } });
    client.ask('tradeTransaction', { tradeTransInfo: ORDER });
    expect(client.frames('trade').at(-1)).toMatchObject({ zzUnknown: {}, symbol: 'EURUSD' });
  });

  it('can be anything, sent as it is', () => {
    const simulator = aSimulator();
    const client = aTrader(simulator);
    const text = '{"status":true}';
    expect(new BrokerControl(simulator).raw({ userId: '10001', socket: 'stream', text })).toBe(1);
    client.wait(10);
    expect(client.stream.received.at(-1)?.message).toBe(text);
  });

  it('can be many: a thousand invented symbols', () => {
    const simulator = aSimulator({ fillerSymbols: 1_000 });
    const client = new MemoryClient(simulator, '10001');
    client.login(EXAMPLE_PASSWORD);
    expect(client.askForText('getAllSymbols').length).toBeGreaterThan(900_000);
  });
});

describe('ticks', () => {
  const subscribed = (behaviour: BehaviourChanges, subscription: JsonObject) => {
    const simulator = aSimulator(behaviour);
    const client = new MemoryClient(simulator, '10001');
    client.login(EXAMPLE_PASSWORD);
    client.subscribe('getTickPrices', { symbol: 'EURUSD', ...subscription });
    const from = client.frames('tickPrices').length;
    return { simulator, client, ticks: () => client.frames('tickPrices').slice(from) };
  };

  it.each([
    [{ minArrivalTime: 1, maxLevel: 0 }, 20],
    [{ maxLevel: 0 }, 5],
    [{ minArrivalTime: 500, maxLevel: 0 }, 2],
    [{ minArrivalTime: 500, maxLevel: 2 }, 6],
    [{ minArrivalTime: 500 }, 10],
  ])('come as often and as deep as asked for: %j', (subscription, expected) => {
    const { client, ticks } = subscribed({ market: { ticksPerSecond: 20 } }, subscription);
    client.wait(10_000);
    expect(Math.abs(ticks().length - 10 * expected)).toBeLessThanOrEqual(expected);
  });

  it('that came too early are not lost: the last price arrives', () => {
    const { simulator, client, ticks } = subscribed({}, { minArrivalTime: 1_000, maxLevel: 0 });
    const control = new BrokerControl(simulator);
    for (const bid of ['1.09', '1.10', '1.11'] as const) control.setPrice({ symbol: 'EURUSD', bid });
    client.wait(1_100);
    expect(ticks().map(({ bid }) => bid)).toEqual([1.11]);
  });

  it('can be doubled, and flood', () => {
    const { simulator, client, ticks } = subscribed({ duplicateTicks: 2 }, { minArrivalTime: 1, maxLevel: 0 });
    client.wait(10);
    new BrokerControl(simulator).tickBurst({ symbol: 'EURUSD', count: 1 });
    client.wait(10);
    expect(ticks()).toHaveLength(2);
  });

  it('stop on Friday evening and come again on Sunday night, by the server’s clock', () => {
    const friday = Date.UTC(2024, 2, 8, 20, 59, 50);
    const simulator = aSimulator({ market: { ticksPerSecond: 1, alwaysOpen: false } }, { startMs: friday });
    const client = aTrader(simulator);
    const ticks = (): number => client.frames('tickPrices').length;
    client.subscribe('getTickPrices', { symbol: 'EURUSD', minArrivalTime: 1, maxLevel: 0 });
    client.wait(20_000);
    const closed = ticks();
    expect(closed).toBeGreaterThan(5);
    expect(client.ask('tradeTransaction', { tradeTransInfo: ORDER })).toMatchObject({ errorCode: 'BE006' });
    const toSunday = Date.UTC(2024, 2, 10, 21, 59, 55) - simulator.scheduler.now;
    simulator.changeBehaviour({ sessionIdleMs: 86_400_000, keepAliveMs: 600_000 });
    for (let waited = 0; waited < 4; waited++) {
      client.wait(toSunday / 4);
      client.subscribe('ping');
    }
    expect(ticks()).toBe(closed);
    client.wait(10_000);
    expect(ticks()).toBeGreaterThan(closed);
  });

  it('stop when told', () => {
    const { simulator, client, ticks } = subscribed({}, {});
    client.stream.write('{"command":"stopTickPrices","symbol":"EURUSD"}');
    client.wait(250);
    new BrokerControl(simulator).setPrice({ symbol: 'EURUSD', bid: '1.09' });
    client.wait(1_000);
    expect(ticks()).toEqual([]);
  });
});
