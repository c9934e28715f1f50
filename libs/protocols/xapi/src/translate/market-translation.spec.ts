import { translateSymbol } from './symbol.ts';
import { QuoteBook, translateListedPrice } from './tick.ts';

const symbol = {
  symbol: 'EURUSD',
  description: 'Euro to American Dollar',
  categoryName: 'FX',
  contractSize: 100000,
  currency: 'EUR',
  currencyPair: true,
  currencyProfit: 'USD',
  leverage: 3.33,
  lotMin: 0.01,
  lotMax: 50,
  lotStep: 0.01,
  precision: 5,
  pipsPrecision: 4,
  tickSize: 0.00001,
  stopsLevel: 0,
  swapLong: -0.5,
  swapShort: 0.1,
  swapType: 0,
  swap_rollover3days: 2,
  ask: 1.09652,
  bid: 1.0965,
  time: 1_700_000_000_000,
};

describe('a symbol', () => {
  it('becomes a specification', () => {
    expect(translateSymbol('demo', symbol)).toEqual({
      ok: true,
      value: {
        venue: 'demo',
        instrument: 'EURUSD',
        description: 'Euro to American Dollar',
        category: 'forex',
        contract: { contractSize: '100000', baseCurrency: 'EUR', quoteCurrency: 'USD', digits: 5, pipSize: '0.0001' },
        marginCurrency: 'EUR',
        minLots: '0.01',
        maxLots: '50',
        stepLots: '0.01',
        tickSize: '0.00001',
        marginPercent: '3.33',
        stopsLevelPoints: 0,
        swapLong: '-0.5',
        swapShort: '0.1',
        swapUnit: 'points',
        tripleSwapDay: 3,
        tradable: true,
        shortable: true,
        trailingStops: true,
      },
    });
  });

  it.each([
    [{ longOnly: false, shortSelling: true }, true],
    [{ longOnly: true, shortSelling: true }, false],
    [{ longOnly: false, shortSelling: false }, false],
  ])('with %p may be sold short: %p', (fields, shortable) => {
    expect(translateSymbol('demo', { ...symbol, ...fields })).toMatchObject({ ok: true, value: { shortable } });
  });

  it.each([
    [{ trailingEnabled: true }, true],
    [{ trailingEnabled: false }, false],
    [{ trailingEnabled: undefined }, true],
  ])('with %p lets a stop loss trail: %p', (fields, trailingStops) => {
    expect(translateSymbol('demo', { ...symbol, ...fields })).toMatchObject({ ok: true, value: { trailingStops } });
  });

  it('without a tick size moves by its last digit', () => {
    const read = translateSymbol('demo', { ...symbol, tickSize: null, precision: 2, currencyPair: false });
    expect(read).toMatchObject({ ok: true, value: { tickSize: '0.01', contract: { pipSize: '0.01' } } });
  });

  it.each([
    [{ swapType: 1, swap_rollover3days: 4 }, 'quote-currency', 5],
    [{ swapType: 2, swap_rollover3days: 0 }, 'percent-a-year', 1],
    [{ swapType: 3, swap_rollover3days: 6 }, 'margin-currency', 7],
    [{ swapType: 9, swap_rollover3days: 9 }, null, null],
    [{ swapType: undefined, swap_rollover3days: undefined }, null, null],
  ])('with %p is swapped as it says', (fields, swapUnit, tripleSwapDay) => {
    const read = translateSymbol('demo', { ...symbol, ...fields });
    expect(read).toMatchObject({ ok: true, value: { swapUnit, tripleSwapDay } });
  });

  it.each([{ lotStep: 0 }, { contractSize: 'many' }, { symbol: '' }, { precision: 1e9 }, { precision: -1 }])(
    'that nobody could trade is none: %p',
    (fields) => {
      expect(translateSymbol('demo', { ...symbol, ...fields })).toMatchObject({ ok: false });
    },
  );
});

describe('ticks', () => {
  const tick = (fields: object) => ({
    symbol: 'EURUSD',
    ask: 1.10002,
    bid: 1.1,
    askVolume: null,
    bidVolume: null,
    level: 0,
    timestamp: 2_000,
    ...fields,
  });
  const quoteBook = (): QuoteBook => new QuoteBook((instrument) => (instrument === 'EURUSD' ? 5 : null));

  it('leave the last value of each moment, once', () => {
    const book = quoteBook();
    book.take(tick({ bid: 1.09 }));
    book.take(tick({ bid: 1.10001, timestamp: 3_000 }));
    expect(book.drain()).toMatchObject([{ instrument: 'EURUSD', bid: '1.10001', ask: '1.10002' }]);
    expect(book.drain()).toEqual([]);
  });

  it('that come late do not win', () => {
    const book = quoteBook();
    book.take(tick({ timestamp: 3_000 }));
    book.take(tick({ bid: 1, timestamp: 2_000 }));
    expect(book.quote('EURUSD')?.bid).toBe('1.1');
  });

  it('of deeper levels make the book, best first, whatever order they come in', () => {
    const book = quoteBook();
    book.take(tick({ level: 2, bid: 1.0998, bidVolume: 500, ask: 1.1004 }));
    book.take(tick({ level: 1, bid: 1.0999, bidVolume: 100, ask: 1.1003 }));
    expect(book.drain()).toEqual([]);
    book.take(tick({ bidVolume: 10, askVolume: 20 }));
    expect(book.quote('EURUSD')).toMatchObject({
      bids: [
        ['1.1', '10'],
        ['1.0999', '100'],
        ['1.0998', '500'],
      ],
      asks: [
        ['1.10002', '20'],
        ['1.1003', null],
        ['1.1004', null],
      ],
    });
  });

  it('of levels that nobody asked for are dropped', () => {
    const book = new QuoteBook(() => 5, 1);
    for (const level of [0, 1, 2, -1, 9])
      book.take(tick({ level, bid: 1.1 - level / 1_000, ask: 1.2 + level / 1_000 }));
    expect(book.quote('EURUSD')?.bids.map(([price]) => price)).toEqual(['1.1', '1.099']);
  });

  it('move past levels that nobody has taken back', () => {
    const book = quoteBook();
    book.take(tick({ level: 1, bid: 1.0999, ask: 1.1003 }));
    book.take(tick({ level: 2, bid: 1.0998, ask: 1.1004 }));
    book.take(tick({ bid: 1.0999, ask: 1.1003, timestamp: 3_000 }));
    const { bids, asks } = book.quote('EURUSD') ?? {};
    expect([bids, asks].map((side) => side?.map(([price]) => price))).toEqual([
      ['1.0999', '1.0998'],
      ['1.1003', '1.1004'],
    ]);
  });

  it('outlive by a minute the levels that are told no more', () => {
    const book = quoteBook();
    book.take(tick({ level: 1, bid: 1.0999, ask: 1.1003 }));
    book.take(tick({ timestamp: 62_000 }));
    expect(book.quote('EURUSD')?.bids).toHaveLength(2);
    book.take(tick({ timestamp: 62_001 }));
    expect(book.quote('EURUSD')?.bids).toHaveLength(1);
  });

  it('of a closed market, of unknown instruments and unreadable ones change nothing', () => {
    const book = quoteBook();
    expect(book.take({ symbol: 1 })).toBe(false);
    book.take(tick({ bid: 0, ask: 0 }));
    book.take(tick({ symbol: 'NONE' }));
    expect(book.drain()).toEqual([]);
  });

  it('are not needed where the symbol itself says its prices', () => {
    expect(translateListedPrice(symbol)).toEqual({
      instrument: 'EURUSD',
      ...{ bid: '1.0965', ask: '1.09652', time: '2023-11-14T22:13:20.000000Z' },
      ...{ bids: [['1.0965', null]], asks: [['1.09652', null]] },
    });
    expect(translateListedPrice({ ...symbol, bid: 0 })).toBeNull();
    expect(translateListedPrice({ symbol: 'EURUSD' })).toBeNull();
    expect(translateListedPrice({ ...symbol, time: 9e15 })).toBeNull();
  });
});
