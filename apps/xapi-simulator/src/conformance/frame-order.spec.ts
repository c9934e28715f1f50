import type { JsonObject } from '@core/xapi/wire/json-splitter';
import { TUESDAY_MS } from '../in-memory/example.fixture.ts';
import { hit, kinds, reader, trading } from './trading.fixture.ts';

// What the stream tells when something happens (wire-behaviour §7), as types, states and the fields that matter.

describe('a server', () => {
  it('books deposits and withdrawals as trades without an instrument', () => {
    const { client, control } = trading();
    control.cash({ userId: '10001', amount: '250.5', kind: 'balance', comment: 'Bonus' });
    control.cash({ userId: '10001', amount: '-50', kind: 'credit' });
    client.wait(100);
    expect(client.frames('trade')).toMatchObject([
      { type: 2, cmd: 6, symbol: null, profit: 250.5, comment: 'Bonus', closed: true },
      { type: 2, cmd: 7, symbol: null, profit: -50 },
    ]);
    expect(client.frames('balance').at(-1)).toMatchObject({ balance: 10_250.5, credit: -50 });
  });

  it('streams everything again, unchanged, to synchronise', () => {
    const { client, trade, control } = trading();
    trade({});
    trade({ cmd: 1 });
    const frames = reader(client);
    control.resync({ userId: '10001' });
    client.wait(100);
    expect(kinds(frames.next())).toEqual(['t0 Modified', 't0 Modified']);
  });

  it('tells in its history what closed, deposits included, by the time of closing', () => {
    const { client, trade, position, control } = trading();
    trade({});
    trade({ type: 2, order: position() });
    control.cash({ userId: '10001', amount: '1', kind: 'balance' });
    const all = client.ask('getTradesHistory', { start: 0, end: 0 }).returnData as JsonObject[];
    expect(all.map(({ cmd, closed }) => [cmd, closed])).toEqual([
      [0, true],
      [6, true],
    ]);
    expect(client.ask('getTradesHistory', { start: 1, end: TUESDAY_MS }).returnData).toEqual([]);
  });
});

describe('behaviour settings change the order of frames, not what happened', () => {
  it.each([
    ['closeBeforeDeleted', ['t2 Modified', 't0 Deleted']],
    ['lateModifiedAfterClose', ['t0 Deleted', 't2 Modified', 't0 Modified']],
  ])('%s', (setting, expected) => {
    const { client, trade, position } = trading({ sequence: { [setting]: true } });
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
