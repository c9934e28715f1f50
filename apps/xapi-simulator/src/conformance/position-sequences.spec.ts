import { hit, kinds, reader, trading } from './trading.fixture.ts';

// What the stream tells when something happens (wire-behaviour §7), as types, states and the fields that matter.

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

  it('closed in the moment of its opening was not opened after that', () => {
    const { client, control } = trading();
    const position = control.openPosition({ userId: '10001', symbol: 'EURUSD', side: 'buy', volume: '0.1' });
    control.closePosition({ position });
    client.wait(100);
    const { open_time, close_time } = client.frames('trade').at(-1) ?? {};
    expect([open_time, close_time]).toEqual([expect.any(Number), open_time]);
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

  it('has no trailing stop on the winning side, nor from below zero, and keeps the one it has', () => {
    const { client, trade, account, position } = trading();
    for (const offset of [-1, -50, 108_450, 200_000]) expect(trade({ offset })).toBe(0);
    trade({ offset: 100 });
    const opened = position();
    for (const offset of [-100, 200_000])
      expect(
        client.ask('tradeTransaction', {
          tradeTransInfo: { ...{ type: 3, cmd: 0, symbol: 'EURUSD', volume: 0.1, price: 1 }, order: opened, offset },
        }),
      ).toMatchObject({ status: false, errorCode: 'BE002' });
    expect([...account.positions.values()]).toMatchObject([{ offset: 100 }]);
  });

  it('is never followed below zero, however far prices fall', () => {
    const { simulator, trade, account } = trading({ stopOutPercent: 0 });
    trade({ offset: 100_000 });
    hit(simulator, 'EURUSD', '0.9');
    expect([...account.positions.values()].map(({ sl }) => sl >= 0)).toEqual([true]);
  });

  it('is charged swap at the server’s midnight, three nights on its own weekday', () => {
    const { client, trade, account, control } = trading({}, Date.UTC(2024, 2, 5, 22, 59, 49));
    trade({ symbol: 'GOLD', volume: 0.1, price: 2000 });
    const frames = reader(client);
    client.wait(9_000);
    expect(frames.next()).toEqual([]);
    client.wait(2_000);
    expect(frames.next()).toMatchObject([{ type: 0, state: 'Modified', storage: -0.77 }]);
    const [held] = account.positions.values();
    control.rollover({ weekday: 2 });
    expect(held?.storage).toBe(-77 - 3 * 77);
    control.rollover({ weekday: 5 });
    expect(held?.storage).toBe(-77 - 3 * 77);
  });

  it.each([
    ['on Tuesday once', '2024-03-05T22:59:55Z', -0.77],
    ['on Wednesday for three nights', '2024-03-06T22:59:55Z', -2.31],
    ['on Friday once', '2024-03-08T22:59:55Z', -0.77],
    ['on Saturday not', '2024-03-09T22:59:55Z', 0],
    ['on Sunday not', '2024-03-10T22:59:55Z', 0],
    ['in summer an hour earlier', '2024-04-03T21:59:55Z', -2.31],
    ['and not when winter’s midnight would be', '2024-04-03T22:59:55Z', 0],
  ])('is charged swap %s', (_when, start, storage) => {
    const { client, trade } = trading({}, Date.parse(start));
    trade({ symbol: 'GOLD', volume: 0.1, price: 2000 });
    client.wait(10_000);
    expect(client.frames('trade').at(-1)).toMatchObject({ symbol: 'GOLD', storage });
  });
});
