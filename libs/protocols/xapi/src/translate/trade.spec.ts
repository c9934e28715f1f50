import fc from 'fast-check';
import { translateMarginLevel, translateStreamedBalance } from './balance.ts';
import { translateTradeStatus } from './outcome.ts';
import { translateListedTrade, translateStreamedTrade, translateTrades } from './trade.ts';

/** As one server sent it, in its order and typing; wire-behaviour §7. */
const record = {
  cmd: 0,
  order: 500000107,
  digits: 5,
  offset: 0,
  order2: 500000100,
  position: 500000107,
  symbol: 'EURUSD',
  comment: '',
  customComment: 'c7f3a1',
  commission: 0.0,
  storage: -7.87,
  margin_rate: 0.0,
  close_price: 1.09652,
  open_price: 1.096540000001,
  nominalValue: 0.0,
  profit: -0.2,
  volume: 0.1,
  sl: 0.0,
  tp: 1.2,
  closed: false,
  type: 0,
  open_time: 1700000000123,
  close_time: null,
  expiration: null,
  state: 'Modified',
};

describe('a trade record', () => {
  it('is read into exact numbers', () => {
    expect(translateStreamedTrade(record)).toMatchObject({
      ok: true,
      value: {
        about: 'position',
        position: '500000107',
        origin: '500000100',
        price: '1.09654',
        closePrice: '1.09652',
        profit: '-0.2',
        stopLoss: null,
        takeProfit: '1.2',
        swap: '-7.87',
        openedAt: '2023-11-14T22:13:20.123000Z',
        trailingPoints: null,
        comment: 'c7f3a1',
      },
    });
  });

  it.each([
    [{ type: 0 }, 'position'],
    [{ type: 0, state: 'Deleted' }, 'position-gone'],
    [{ type: 1, cmd: 4 }, 'order'],
    [{ type: 1, cmd: 4, state: 'Deleted' }, 'order-gone'],
    [{ type: 2, closed: true }, 'deal'],
    [{ type: 2, cmd: 6, symbol: null }, 'booking'],
    [{ type: 0, cmd: 7, symbol: null }, 'booking'],
  ])('%p of the stream is about a %s', (fields, about) => {
    expect(translateStreamedTrade({ ...record, ...fields })).toMatchObject({ ok: true, value: { about } });
  });

  it.each([
    ['a market order in flight', { type: 1, cmd: 1 }],
    ['a market order in flight no more', { type: 1, cmd: 1, state: 'Deleted' }],
    ['a kind that nobody documented', { type: 9 }],
    ['a deal taken back', { type: 2, state: 'Deleted' }],
    ['a booking taken back', { type: 2, cmd: 6, state: 'Deleted' }],
  ])('of %s tells nothing', (_, fields) => {
    expect(translateStreamedTrade({ ...record, ...fields })).toEqual({ ok: true, value: null });
  });

  it.each([
    [{}, 'position'],
    [{ cmd: 2 }, 'order'],
    [{ closed: true, close_time: 1700000000999 }, 'deal'],
    [{ cmd: 6, symbol: null, closed: true }, 'booking'],
  ])('%p of a list is about a %s', (fields, about) => {
    expect(translateListedTrade({ ...record, ...fields })).toMatchObject({ ok: true, value: { about } });
  });

  it('of a deal has numbers of its own: the deal, its position and the close that asked for it', () => {
    const closing = { order: 73000001, order2: 500000400, type: 2, comment: '[S/L]', close_time: 1700000000999 };
    expect(translateStreamedTrade({ ...record, ...closing })).toMatchObject({
      value: {
        about: 'deal',
        deal: '73000001',
        position: '500000107',
        request: '500000400',
        openPrice: '1.09654',
        closePrice: '1.09652',
        reason: 'stop-loss',
        comment: 'c7f3a1',
        closedAt: '2023-11-14T22:13:20.999000Z',
      },
    });
  });

  it.each([
    [2, 'buy', 'limit'],
    [3, 'sell', 'limit'],
    [4, 'buy', 'stop'],
    [5, 'sell', 'stop'],
  ])('of a pending order with cmd %s is a %s %s', (cmd, side, kind) => {
    const pending = { cmd, type: 1, order: 500000200, expiration: 1700000000999, profit: null };
    expect(translateStreamedTrade({ ...record, ...pending })).toMatchObject({
      value: { order: '500000200', side, kind, price: '1.09654', expiresAt: '2023-11-14T22:13:20.999000Z' },
    });
  });

  it.each([
    [6, 500, 'deposit', '500'],
    [6, -500, 'withdrawal', '-500'],
    [7, -500, 'credit', '-500'],
  ])('of money, cmd %s and %s, is a %s', (cmd, profit, type, delta) => {
    const booking = { cmd, profit, symbol: null, order: 900001, comment: 'wire', close_time: 1700000000999 };
    expect(translateListedTrade({ ...record, ...booking })).toMatchObject({
      value: {
        operation: { type, delta, reference: '900001', comment: 'wire' },
        at: '2023-11-14T22:13:20.999000Z',
      },
    });
  });

  it('takes nulls where servers send them, and fields it does not know', () => {
    const odd = { ...record, commission: null, profit: null, comment: null, customComment: null, taxes: 'none' };
    expect(translateStreamedTrade(odd)).toMatchObject({
      ok: true,
      value: { commission: '0', profit: '0', comment: null },
    });
  });

  it.each([{ volume: 0 }, { open_price: 0 }, { symbol: null }, { order: 'x' }, { order: 1.5 }])(
    'that no position can stand on cannot be read: %p',
    (fields) => {
      expect(translateStreamedTrade({ ...record, ...fields })).toMatchObject({ ok: false });
    },
  );

  it.each([
    { open_time: 8.64e15 + 1 },
    { open_time: -9e15 },
    { close_time: 253402300800000 },
    { expiration: 9e15 },
    { digits: 13 },
    { digits: -1 },
    { symbol: 'X'.repeat(65) },
  ])('that our words cannot hold cannot be read: %p', (fields) => {
    expect(translateStreamedTrade({ ...record, ...fields })).toMatchObject({ ok: false });
    expect(translateListedTrade({ ...record, ...fields })).toMatchObject({ ok: false });
  });

  it('has as much of a comment as events hold, and nothing that no database keeps', () => {
    const customComment = `a\u0000${'b'.repeat(600)}`;
    expect(translateStreamedTrade({ ...record, customComment })).toMatchObject({
      value: { comment: `a\ufffd${'b'.repeat(510)}` },
    });
    const halved = `\ud800${'b'.repeat(510)}😀`;
    expect(translateStreamedTrade({ ...record, customComment: halved })).toMatchObject({
      value: { comment: `\ufffd${'b'.repeat(510)}\ufffd` },
    });
  });

  it('never throws, whatever a broker sends', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(NaN, Infinity, -0, 1e300, 1e-9, 9e15, -9e15));
    const broken = fc
      .dictionary(fc.constantFrom(...Object.keys(record)), value)
      .map((fields) => ({ ...record, ...fields }));
    fc.assert(
      fc.property(fc.oneof(broken, fc.jsonValue()), (data) => {
        for (const translate of [
          translateStreamedTrade,
          translateListedTrade,
          translateTradeStatus,
          translateStreamedBalance,
          translateMarginLevel,
        ])
          expect(typeof translate(data).ok).toBe('boolean');
      }),
    );
  });
});

describe('the lists of a snapshot', () => {
  const closed = { ...record, closed: true, close_time: 1700000000999 };
  const pending = { ...record, cmd: 2 };
  const booking = { ...record, cmd: 6, symbol: null };
  const about = (reports: readonly { readonly about: string }[]): string[] => reports.map((report) => report.about);

  it('are what stands and what ended, whatever else they list', () => {
    const lists = translateTrades([record, closed, pending, booking], [closed, record, booking, pending]);
    if (!lists.ok) throw new Error(lists.error);
    expect(about(lists.value.standing)).toEqual(['position', 'order']);
    expect(about(lists.value.history)).toEqual(['deal', 'booking']);
  });

  it.each([
    [null, []],
    [[], {}],
    [[{ ...record, volume: 0 }], []],
    [[], [{ ...closed, close_price: 0 }]],
  ])('are no answer when anything in them cannot be read: %p, %p', (trades, history) => {
    expect(translateTrades(trades, history)).toMatchObject({ ok: false });
  });
});
