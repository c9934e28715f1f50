import type { JsonObject } from '@core/xapi/wire/json-splitter';
import { Hand } from '../control/hand.ts';
import type { KnobChanges } from '../core/knobs.ts';
import { aSimulator, aTrader, TUESDAY_MS } from '../in-memory/example.ts';
import type { MemoryClient } from '../in-memory/memory-client.ts';
import type { Simulator } from '../simulator.ts';

// What the stream tells when something happens (wire-behaviour §7), as types, states and the fields that matter.

const HOUR_MS = 3_600_000;

function trading(knobs: KnobChanges = {}, startMs = TUESDAY_MS) {
  const simulator = aSimulator(knobs, { startMs });
  const client = aTrader(simulator);
  const hand = new Hand(simulator);
  const account = simulator.broker.account('10001');
  const trade = (info: JsonObject): number => {
    const defaults = { type: 0, cmd: 0, symbol: 'EURUSD', volume: 0.1, price: 1, customComment: 'a1' };
    const reply = client.ask('tradeTransaction', { tradeTransInfo: { ...defaults, ...info } });
    return (reply.returnData as { order: number } | undefined)?.order ?? 0;
  };
  const position = (): number => [...account.positions.keys()].at(-1) ?? 0;
  return { simulator, client, hand, account, trade, position };
}

/** `t0 Modified` for each trade frame since the last look. */
function reader(client: MemoryClient) {
  let seen = client.frames('trade').length;
  return {
    skip: () => void (seen = client.frames('trade').length),
    next: (): readonly JsonObject[] => {
      const frames = client.frames('trade').slice(seen);
      seen += frames.length;
      return frames;
    },
  };
}

const kinds = (frames: readonly JsonObject[]): string[] => frames.map(({ type, state }) => `t${type} ${state}`);
const hit = (simulator: Simulator, symbol: string, bid: string): void =>
  new Hand(simulator).setPrice({ symbol, bid: bid as never });

describe('a pending order', () => {
  it('is placed, modified and cancelled, one record each', () => {
    const { client, trade, account } = trading();
    const frames = reader(client);
    const order = trade({ cmd: 4, price: 1.1, sl: 1.09, tp: 1.12 });
    const [placed, ...more] = frames.next();
    expect(more).toEqual([]);
    expect(placed).toMatchObject({
      ...{ type: 1, state: 'Modified', cmd: 4, order, order2: order, position: order, profit: null, closed: false },
      ...{ open_price: 1.1, close_price: 0, sl: 1.09, tp: 1.12, expiration: null, customComment: 'a1' },
    });

    const expiration = TUESDAY_MS + HOUR_MS;
    trade({ type: 3, order, cmd: 4, price: 1.11, sl: 0, tp: 0, expiration, customComment: undefined });
    expect(frames.next()).toMatchObject([
      { type: 1, state: 'Modified', order, open_price: 1.11, sl: 0, tp: 0, expiration, customComment: null },
    ]);

    trade({ type: 4, order, cmd: 4, price: 1.11 });
    expect(kinds(frames.next())).toEqual(['t1 Deleted']);
    expect(account.pendings.size).toBe(0);
  });

  it('expires with the record of a cancellation', () => {
    const { client, trade } = trading();
    const frames = reader(client);
    trade({ cmd: 2, price: 1.01, expiration: TUESDAY_MS + 60_000 });
    frames.skip();
    client.wait(60_000);
    expect(frames.next()).toMatchObject([{ type: 1, state: 'Deleted', close_time: null, closed: false }]);
  });

  it.each([
    [2, 1.08, '1.07985', 0, 1.07994],
    [3, 1.09, '1.09003', 1, 1.09003],
    [4, 1.09, '1.09005', 0, 1.09014],
    [5, 1.08, '1.07995', 1, 1.07995],
  ])(
    'of cmd %s at %s triggers: unchanged, deleted, then a position at the price that reached it',
    (cmd, price, bid, opened, fill) => {
      const { simulator, client, trade } = trading();
      const frames = reader(client);
      const order = trade({ cmd, price, sl: opened === 0 ? 1.05 : 1.12, tp: opened === 0 ? 1.12 : 1.05 });
      frames.skip();
      hit(simulator, 'EURUSD', bid);
      client.wait(100);
      const triggered = frames.next();
      expect(kinds(triggered)).toEqual(['t1 Modified', 't1 Deleted', 't0 Modified']);
      expect(triggered[1]).toMatchObject({ order, closed: false, close_time: null });
      expect(triggered[2]).toMatchObject({
        cmd: opened,
        order2: order,
        open_price: fill,
        customComment: 'a1',
        expiration: null,
      });
      expect(triggered[2]?.order).toBe(triggered[2]?.position);
      expect(triggered[2]?.order).not.toBe(order);
    },
  );

  it('that nobody can pay for triggers into nothing', () => {
    const { simulator, client, trade, hand } = trading();
    const frames = reader(client);
    trade({ cmd: 2, price: 1.08, volume: 2 });
    hand.cash({ userId: '10001', amount: '-9000', kind: 'balance' });
    client.wait(100);
    frames.skip();
    hit(simulator, 'EURUSD', '1.07');
    client.wait(100);
    expect(kinds(frames.next())).toEqual(['t1 Modified', 't1 Deleted']);
  });

  it('among others at one price comes interleaved, 20 ms apart', () => {
    const { simulator, client, trade } = trading();
    const frames = reader(client);
    for (let count = 0; count < 3; count++) trade({ cmd: 2, price: 1.08, volume: 0.01 });
    frames.skip();
    hit(simulator, 'EURUSD', '1.07');
    client.wait(100);
    const all = frames.next();
    expect(kinds(all)).toEqual([
      ...Array<string>(3).fill('t1 Modified'),
      ...Array<string>(3).fill('t1 Deleted'),
      ...Array<string>(3).fill('t0 Modified'),
    ]);
    const times = all.slice(6).map((frame) => Number(frame.open_time));
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 20, 40]);
  });
});

describe('a market order', () => {
  it('shows in flight, opens, is accepted, and the balance follows', () => {
    const { client, trade } = trading();
    const before = client.stream.received.length;
    const order = trade({ sl: 1.05, tp: 1.12 });
    const told = client.stream.received.slice(before).map(({ message }) => JSON.parse(message) as JsonObject);
    expect(told.map(({ command }) => command)).toEqual([
      'tradeStatus',
      'trade',
      'trade',
      'trade',
      'tradeStatus',
      'balance',
    ]);
    const [pending, inFlight, gone, opened, accepted, balance] = told.map(({ data }) => data as JsonObject);
    expect(pending).toMatchObject({ order, requestStatus: 1, customComment: 'a1', price: 1 });
    expect(inFlight).toMatchObject({
      type: 1,
      state: 'Modified',
      cmd: 0,
      order,
      order2: order,
      position: order,
      profit: null,
    });
    expect(gone).toMatchObject({ type: 1, state: 'Deleted', order });
    expect(opened).toMatchObject({
      type: 0,
      state: 'Modified',
      cmd: 0,
      order2: order,
      open_price: 1.08459,
      close_price: 1.0845,
    });
    expect(opened?.profit).toBe(-0.9);
    expect(accepted).toEqual({ order, requestStatus: 3, message: null, customComment: 'a1', price: 1 });
    expect(balance).toMatchObject({ balance: 10_000, equity: 9_999.1, margin: 361.17 });
    expect(client.ask('tradeTransactionStatus', { order }).returnData).toEqual({
      ...{ order, requestStatus: 3, message: null, customComment: 'a1', ask: 1, bid: 1 },
    });
  });

  it('that nobody can pay for is rejected, without a position', () => {
    const { client, trade, account } = trading();
    const order = trade({ volume: 10 });
    expect(client.frames('tradeStatus').at(-1)).toMatchObject({ order, requestStatus: 4, message: 'Not enough money' });
    expect(account.positions.size).toBe(0);
  });

  it('may be filled as several positions', () => {
    const { client, trade, account } = trading({ splitFillsAbove: 4 });
    const order = trade({ volume: 0.1 });
    const opened = client.frames('trade').filter(({ type }) => type === 0);
    expect(opened.map(({ volume, order2, comment }) => [volume, order2, comment])).toEqual([
      [0.04, order, 'OPEN BUY 0.04/0.1'],
      [0.04, order, 'OPEN BUY 0.04/0.1'],
      [0.02, order, 'OPEN BUY 0.02/0.1'],
    ]);
    expect(new Set(account.positions.keys()).size).toBe(3);
  });
});

describe('a position', () => {
  it('closed by its owner is deleted stale, then closed as a deal with numbers of its own', () => {
    const { simulator, client, trade, account, position } = trading();
    const opening = trade({});
    const id = position();
    const frames = reader(client);
    hit(simulator, 'EURUSD', '1.09');
    const closing = trade({ type: 2, order: id });
    const [deleted, closed, ...more] = frames.next();
    expect(more).toEqual([]);
    expect(deleted).toMatchObject({
      type: 0,
      state: 'Deleted',
      order: id,
      order2: opening,
      closed: false,
      close_price: 1.0845,
    });
    expect(closed).toMatchObject({
      ...{ type: 2, state: 'Modified', position: id, order2: closing, closed: true, comment: '', customComment: 'a1' },
      ...{ close_price: 1.09, profit: 54.1, nominalValue: null, volume: 0.1 },
    });
    expect(closed?.order).toBe(account.deals[0]?.id);
    expect(Number(closed?.open_time) - Number(deleted?.open_time)).toBeGreaterThanOrEqual(5);
    expect(client.frames('balance').at(-1)).toMatchObject({ balance: 10_054.1, margin: 0, marginLevel: 0 });
  });

  it('hit at its stop loss says so after an unchanged record, and fills where the price is', () => {
    const { simulator, client, trade } = trading();
    trade({ sl: 1.08 });
    const frames = reader(client);
    hit(simulator, 'EURUSD', '1.07950');
    client.wait(100);
    const told = frames.next();
    expect(kinds(told)).toEqual(['t0 Modified', 't0 Deleted', 't2 Modified']);
    expect(told[2]).toMatchObject({ comment: '[S/L]', close_price: 1.0795, closed: true });
  });

  it('hit at its take profit has no record before', () => {
    const { simulator, client, trade } = trading();
    trade({ cmd: 1, tp: 1.08, sl: 1.12 });
    const frames = reader(client);
    hit(simulator, 'EURUSD', '1.07980');
    client.wait(100);
    const told = frames.next();
    expect(kinds(told)).toEqual(['t0 Deleted', 't2 Modified']);
    expect(told[1]).toMatchObject({ comment: '[T/P]', cmd: 1, close_price: 1.07989 });
  });

  it('is stopped out when the margin level falls, worst first, with the figures in the comment', () => {
    const { simulator, client, trade, account } = trading();
    trade({ volume: 2 });
    trade({ volume: 0.1, cmd: 1, symbol: 'USDJPY', price: 100 });
    const frames = reader(client);
    hit(simulator, 'EURUSD', '1.05');
    client.wait(100);
    const told = frames.next();
    expect(kinds(told)).toEqual(['t0 Modified', 't0 Deleted', 't2 Modified']);
    expect(told[2]?.comment).toMatch(/^\[S\/O -?\d+\.\d\d% -?\d+\.\d\d \/ \d+\.\d\d \(USD\)\]$/);
    expect(told[2]).toMatchObject({ symbol: 'EURUSD', volume: 2 });
    expect([...account.positions.values()].map(({ symbol }) => symbol)).toEqual(['USDJPY']);
  });

  it('partly closed keeps its number and gets smaller', () => {
    const { client, trade, account, position } = trading();
    trade({ volume: 1, symbol: 'USDJPY', price: 150 });
    const id = position();
    const frames = reader(client);
    const closing = trade({ type: 2, order: id, volume: 0.3, symbol: 'USDJPY', price: 150 });
    const told = frames.next();
    expect(kinds(told)).toEqual(['t2 Modified', 't0 Modified']);
    expect(told[0]).toMatchObject({ volume: 0.3, position: id, order2: closing, closed: true });
    expect(told[1]).toMatchObject({ volume: 0.7, position: id, order: id });
    expect(account.positions.get(id)?.volume).toBe(70);
  });

  it('partly closed can also go on under a new number', () => {
    const { client, trade, position } = trading({ partialClose: 'new-position' });
    trade({ volume: 1, symbol: 'USDJPY', price: 150 });
    const id = position();
    const frames = reader(client);
    trade({ type: 2, order: id, volume: 0.3, symbol: 'USDJPY', price: 150 });
    const told = frames.next();
    expect(kinds(told)).toEqual(['t0 Deleted', 't2 Modified', 't0 Modified']);
    expect(told[2]).toMatchObject({ volume: 0.7, order2: id });
    expect(told[2]?.position).not.toBe(id);
  });

  it('gets levels in one record, or in two', () => {
    for (const modifyTwice of [false, true]) {
      const { client, trade, position } = trading({ modifyTwice });
      trade({});
      const frames = reader(client);
      trade({ type: 3, order: position(), sl: 1.05, tp: 1.12 });
      const told = frames.next();
      expect(kinds(told)).toEqual(modifyTwice ? ['t0 Modified', 't0 Modified'] : ['t0 Modified']);
      expect(told.at(-1)).toMatchObject({ sl: 1.05, tp: 1.12, customComment: 'a1' });
    }
  });

  it('loses its comment to a change without one', () => {
    const { client, trade, position } = trading();
    trade({});
    trade({ type: 3, order: position(), customComment: undefined });
    expect(client.frames('trade').at(-1)).toMatchObject({ customComment: null });
  });

  it('is followed by its stop loss at the trailing distance, and never away from the price', () => {
    const { simulator, trade, account } = trading();
    trade({ sl: 1.08, offset: 100 });
    const [held] = account.positions.values();
    hit(simulator, 'EURUSD', '1.09');
    expect(held?.sl).toBe(108_900);
    hit(simulator, 'EURUSD', '1.08950');
    expect(held?.sl).toBe(108_900);
  });

  it('is charged swap at the server’s midnight, three nights on its own weekday', () => {
    const { client, trade, account, hand } = trading({}, Date.UTC(2024, 2, 5, 22, 59, 49));
    trade({ symbol: 'GOLD', volume: 0.1, price: 2000 });
    const frames = reader(client);
    client.wait(9_000);
    expect(frames.next()).toEqual([]);
    client.wait(2_000);
    expect(frames.next()).toMatchObject([{ type: 0, state: 'Modified', storage: -0.77 }]);
    const [held] = account.positions.values();
    hand.rollover({ weekday: 2 });
    expect(held?.storage).toBe(-77 - 3 * 77);
    hand.rollover({ weekday: 5 });
    expect(held?.storage).toBe(-77 - 3 * 77);
  });
});

describe('a server', () => {
  it('books deposits and withdrawals as trades without an instrument', () => {
    const { client, hand } = trading();
    hand.cash({ userId: '10001', amount: '250.5', kind: 'balance', comment: 'Bonus' });
    hand.cash({ userId: '10001', amount: '-50', kind: 'credit' });
    client.wait(100);
    expect(client.frames('trade')).toMatchObject([
      { type: 2, cmd: 6, symbol: null, profit: 250.5, comment: 'Bonus', closed: true },
      { type: 2, cmd: 7, symbol: null, profit: -50 },
    ]);
    expect(client.frames('balance').at(-1)).toMatchObject({ balance: 10_250.5, credit: -50 });
  });

  it('streams everything again, unchanged, to synchronise', () => {
    const { client, trade, hand } = trading();
    trade({});
    trade({ cmd: 1 });
    const frames = reader(client);
    hand.resync({ userId: '10001' });
    client.wait(100);
    expect(kinds(frames.next())).toEqual(['t0 Modified', 't0 Modified']);
  });

  it('tells in its history what closed, deposits included, by the time of closing', () => {
    const { client, trade, position, hand } = trading();
    trade({});
    trade({ type: 2, order: position() });
    hand.cash({ userId: '10001', amount: '1', kind: 'balance' });
    const all = client.ask('getTradesHistory', { start: 0, end: 0 }).returnData as JsonObject[];
    expect(all.map(({ cmd, closed }) => [cmd, closed])).toEqual([
      [0, true],
      [6, true],
    ]);
    expect(client.ask('getTradesHistory', { start: 1, end: TUESDAY_MS }).returnData).toEqual([]);
  });
});

describe('knobs change the order of frames, not what happened', () => {
  it.each([
    ['closeBeforeDeleted', ['t2 Modified', 't0 Deleted']],
    ['lateModifiedAfterClose', ['t0 Deleted', 't2 Modified', 't0 Modified']],
  ])('%s', (knob, expected) => {
    const { client, trade, position } = trading({ sequence: { [knob]: true } });
    trade({});
    const frames = reader(client);
    trade({ type: 2, order: position() });
    expect(kinds(frames.next())).toEqual(expected);
  });

  it('positionBeforePendingDeleted', () => {
    const { simulator, client, trade } = trading({ sequence: { positionBeforePendingDeleted: true } });
    trade({ cmd: 2, price: 1.08 });
    const frames = reader(client);
    hit(simulator, 'EURUSD', '1.07');
    client.wait(100);
    expect(kinds(frames.next())).toEqual(['t1 Modified', 't0 Modified', 't1 Deleted']);
  });

  it('slTpLate brings the levels in records of their own', () => {
    const { client, trade } = trading({ slTpLate: true, transientType1: false });
    const frames = reader(client);
    trade({ sl: 1.05, tp: 1.12 });
    expect(frames.next()).toMatchObject([
      { sl: 0, tp: 0 },
      { sl: 1.05, tp: 0 },
      { sl: 1.05, tp: 1.12 },
    ]);
  });

  it('duplicate sends trades and statuses again', () => {
    const { client, trade } = trading({ duplicate: 3, transientType1: false, announcePending: false });
    trade({});
    expect([client.frames('trade').length, client.frames('tradeStatus').length]).toEqual([3, 3]);
  });

  it('delays put status, trade, balance and reply in any order', () => {
    const execDelayMs = { reply: 100, execute: 0, status: 0, trade: 60, balance: 30 };
    const { client, trade } = trading({ execDelayMs, transientType1: false, announcePending: false });
    const [streamFrom, mainFrom] = [client.stream.received.length, client.main.received.length];
    trade({});
    const streamed = client.stream.received.slice(streamFrom);
    expect(streamed.map(({ message }) => (JSON.parse(message) as JsonObject).command)).toEqual([
      'tradeStatus',
      'balance',
      'trade',
    ]);
    expect(client.main.received[mainFrom]?.at).toBeGreaterThan(streamed.at(-1)?.at ?? Infinity);
  });
});
