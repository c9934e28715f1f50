import fc from 'fast-check';
import { readListedTrade, readStreamedTrade } from './sighting.ts';
import { readMarginLevel, readStreamedBalance } from '@core/execution/facts/balance-facts';
import { readTradeStatus } from '@core/execution/facts/request-facts';

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
    expect(readStreamedTrade(record)).toMatchObject({
      ok: true,
      value: {
        topic: 'position',
        trade: {
          order: '500000107',
          openPrice: '1.09654',
          stopLoss: null,
          takeProfit: '1.2',
          swap: '-7.87',
          openedAt: '2023-11-14T22:13:20.123000Z',
          closedAt: null,
          trailingPoints: null,
        },
      },
    });
  });

  it.each([
    [{ type: 0 }, 'position'],
    [{ type: 0, state: 'Deleted' }, 'position-gone'],
    [{ type: 1, cmd: 4 }, 'order'],
    [{ type: 1, cmd: 4, state: 'Deleted' }, 'order-gone'],
    [{ type: 1, cmd: 1 }, 'order-in-flight'],
    [{ type: 2, closed: true }, 'deal'],
    [{ type: 2, cmd: 6, symbol: null }, 'booking'],
    [{ type: 0, cmd: 7, symbol: null }, 'booking'],
    [{ type: 9 }, 'unknown'],
    [{ type: 2, state: 'Deleted' }, 'unknown'],
  ])('%p of the stream is about a %s', (fields, topic) => {
    expect(readStreamedTrade({ ...record, ...fields })).toMatchObject({ ok: true, value: { topic } });
  });

  it.each([
    [{}, 'position'],
    [{ cmd: 2 }, 'order'],
    [{ closed: true, close_time: 1700000000999 }, 'deal'],
    [{ cmd: 6, symbol: null, closed: true }, 'booking'],
  ])('%p of a list is about a %s', (fields, topic) => {
    expect(readListedTrade({ ...record, ...fields })).toMatchObject({ ok: true, value: { topic } });
  });

  it('takes nulls where servers send them, and fields it does not know', () => {
    const odd = { ...record, commission: null, profit: null, comment: null, customComment: null, taxes: 'none' };
    expect(readStreamedTrade(odd)).toMatchObject({
      ok: true,
      value: { trade: { commission: '0', profit: '0', comment: '' } },
    });
  });

  it.each([{ volume: 0 }, { open_price: 0 }, { symbol: null }, { order: 'x' }, { order: 1.5 }])(
    'that no position can stand on cannot be read: %p',
    (fields) => {
      expect(readStreamedTrade({ ...record, ...fields })).toMatchObject({ ok: false });
    },
  );

  it('never throws, whatever a broker sends', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(NaN, Infinity, -0, 1e300, 1e-9));
    const broken = fc
      .dictionary(fc.constantFrom(...Object.keys(record)), value)
      .map((fields) => ({ ...record, ...fields }));
    fc.assert(
      fc.property(fc.oneof(broken, fc.jsonValue()), (data) => {
        for (const read of [readStreamedTrade, readListedTrade, readTradeStatus, readStreamedBalance, readMarginLevel])
          expect(typeof read(data).ok).toBe('boolean');
      }),
    );
  });
});
