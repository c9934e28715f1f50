import type { JsonObject } from '@core/xapi/wire/json-splitter';
import { TUESDAY_MS } from '../in-memory/example.fixture.ts';
import { hit, kinds, reader, trading } from './trading.fixture.ts';

// What the stream tells when something happens (wire-behaviour §7), as types, states and the fields that matter.

const HOUR_MS = 3_600_000;

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
    const { simulator, client, trade, control } = trading();
    const frames = reader(client);
    trade({ cmd: 2, price: 1.08, volume: 2 });
    control.cash({ userId: '10001', amount: '-9000', kind: 'balance' });
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
