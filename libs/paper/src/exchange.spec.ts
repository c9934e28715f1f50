import { anInstrument, aPair } from '@core/contracts/market/example.fixture';
import { sum } from '@core/kernel/decimal';
import { dealIn, MONDAY, PaperTrader, unvalued } from './exchange.fixture.ts';

const LATER = '2026-01-05T12:00:00.000000Z';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('an account', () => {
  it('begins with a deposit, and a credit where it is given one', () => {
    const { exchange } = new PaperTrader({ credit: '50' });
    const fresh = new PaperTrader({ balance: '0' });
    expect(exchange.account).toMatchObject({ balance: '10000', credit: '50', numbers: 2 });
    expect(exchange.figures()).toMatchObject({ balance: '10000', credit: '50', equity: '10050', marginFree: '10050' });
    expect(fresh.exchange.account).toMatchObject({ balance: '0', numbers: 0 });
  });
});

describe('a market order', () => {
  it('fills at once at the live price, under a number of its own, and holds back margin', () => {
    const trader = new PaperTrader();
    expect(trader.order()).toEqual({ is: 'taken', brokerRequest: '2' });
    expect(trader.exchange.drain()).toEqual([
      {
        ...{ about: 'position', position: '3', origin: '2', instrument: 'EURUSD', digits: 5, side: 'buy' },
        ...{ volumeLots: '0.1', price: '1.1002', closePrice: '1.1', profit: '-2', commission: '0', swap: '0' },
        ...{ stopLoss: null, takeProfit: null, trailingPoints: null, openedAt: MONDAY, comment: 'mine' },
      },
    ]);
    expect(trader.exchange.figures()).toEqual({
      ...{ balance: '10000', credit: '0', equity: '9998', margin: '110.02', marginFree: '9887.98' },
      marginLevel: '9087.44',
    });
  });

  it('is held by the margin of one side only where the other is hedged', () => {
    const trader = new PaperTrader();
    trader.order();
    trader.order({ side: 'sell', volumeLots: '0.2' });
    expect(trader.exchange.figures()).toMatchObject({ margin: '220' });
  });

  const shut = anInstrument({ instrument: 'SHUT', tradable: false });
  const owned = anInstrument({ instrument: 'OWNED', shortable: false });
  const silent = anInstrument({ instrument: 'SILENT' });

  it.each([
    ['unknown-instrument', { instrument: 'NOWHERE' }],
    ['instrument-disabled', { instrument: 'SHUT' }],
    ['short-selling-not-allowed', { instrument: 'OWNED', side: 'sell' }],
    ['off-quotes', { instrument: 'OWNED', side: 'buy' }],
    ['off-quotes', { instrument: 'SILENT' }],
    ['off-quotes', { instrument: 'NIKKEI', volumeLots: '1' }],
    ['volume-too-low', { volumeLots: '0.001' }],
    ['volume-too-high', { volumeLots: '101' }],
    ['volume-not-multiple-of-step', { volumeLots: '0.015' }],
    ['insufficient-funds', { volumeLots: '10' }],
    ['invalid-protection', { stopLoss: '1.1' }],
    ['invalid-protection', { stopLoss: '1.099999' }],
    ['invalid-protection', { takeProfit: '1.1' }],
    ['invalid-protection', { side: 'sell', stopLoss: '1.1002' }],
    ['invalid-protection', { instrument: 'GBPUSD', stopLoss: '1.05', trailingPoints: 200 }],
  ] as const)('is refused with %s: %j', (reason, parts) => {
    const trader = new PaperTrader({}, [
      aPair('EURUSD'),
      aPair('GBPUSD', { trailingStops: false }),
      shut,
      owned,
      silent,
      unvalued,
    ]);
    trader.market.say('NIKKEI', '40000', '40010');
    trader.market.say('GBPUSD', '1.1', '1.1002');
    const before = structuredClone(trader.exchange.account);
    expect(trader.order(parts)).toEqual({ is: 'rejected', reason, brokerCode: null, text: null });
    expect(trader.exchange.account).toEqual(before);
    expect(trader.exchange.drain()).toEqual([]);
  });

  it('meets no price that is dead', () => {
    const trader = new PaperTrader();
    trader.market.dead.add('EURUSD');
    expect(trader.order()).toMatchObject({ is: 'rejected', reason: 'market-closed' });
    expect(trader.order({ kind: 'limit', price: '1.09' })).toMatchObject({ is: 'taken' });
    trader.exchange.drain();
    expect(trader.moves('1.08', '1.0802')).toEqual([]);
  });

  it('keeps its distance to what protects it', () => {
    const trader = new PaperTrader({}, [aPair('EURUSD', { stopsLevelPoints: 50 })]);
    expect(trader.order({ stopLoss: '1.0996' })).toMatchObject({ reason: 'invalid-protection' });
    expect(trader.order({ stopLoss: '1.0995', takeProfit: '1.1005' })).toMatchObject({ is: 'taken' });
  });

  it('takes the last cent, and no more, of what is held back and costs at once', () => {
    const exactly = { balance: '110.02' } as const;
    expect(new PaperTrader(exactly).order()).toMatchObject({ is: 'taken' });
    expect(new PaperTrader({ ...exactly, commissionPerLot: '0.1' }).order()).toMatchObject({
      reason: 'insufficient-funds',
    });
  });

  it('costs its commission from the beginning, and books it with the end', () => {
    const trader = new PaperTrader({ commissionPerLot: '7.123' });
    trader.order();
    expect(trader.exchange.figures()).toMatchObject({ balance: '10000', equity: '9997.29' });
    trader.ask({ is: 'close', position: '3', volumeLots: '0.1' });
    expect(trader.exchange.figures()).toMatchObject({ balance: '9997.29', equity: '9997.29', margin: '0' });
  });
});

describe('a close', () => {
  it('of the whole ends the position and brings what its deal says', () => {
    const trader = new PaperTrader();
    trader.order();
    trader.moves('1.11', '1.1102');
    trader.at = LATER;
    expect(trader.ask({ is: 'close', position: '3', volumeLots: '0.1' })).toEqual({ is: 'taken', brokerRequest: '4' });
    expect(trader.exchange.drain()).toEqual([
      { about: 'position-gone', position: '3' },
      {
        ...{ about: 'deal', deal: '5', position: '3', request: '4', instrument: 'EURUSD', digits: 5, side: 'buy' },
        ...{ volumeLots: '0.1', openPrice: '1.1002', closePrice: '1.11', profit: '98', commission: '0', swap: '0' },
        ...{ stopLoss: null, takeProfit: null, reason: 'user', comment: 'mine', openedAt: MONDAY, closedAt: LATER },
      },
    ]);
    expect(trader.exchange.account.balance).toBe('10098');
    expect(trader.ask({ is: 'close', position: '3', volumeLots: '0.1' })).toMatchObject({ reason: 'not-found' });
  });

  it('of a part leaves the rest under its number, and costs are shared to the last cent', () => {
    const trader = new PaperTrader({ commissionPerLot: '1' });
    trader.order({ volumeLots: '0.07' });
    const margins: unknown[] = [];
    const deals = (['0.03', '0.03', '1'] as const).map((volumeLots) => {
      trader.exchange.drain();
      trader.ask({ is: 'close', position: '3', volumeLots });
      margins.push(trader.exchange.figures()?.margin);
      return trader.exchange.drain();
    });
    expect(deals.map((reports) => reports.map(({ about }) => about))).toEqual([
      ['deal', 'position'],
      ['deal', 'position'],
      ['position-gone', 'deal'],
    ]);
    expect(deals[0]?.[1]).toMatchObject({ position: '3', volumeLots: '0.04', commission: '-0.04' });
    expect(margins).toEqual(['44.01', '11', '0']);
    expect(deals.map((reports) => dealIn(reports)?.commission)).toEqual(['-0.03', '-0.03', '-0.01']);
  });

  it('of the whole is never too small', () => {
    const trader = new PaperTrader();
    trader.order();
    trader.market.specs.set('EURUSD', aPair('EURUSD', { minLots: '1' }));
    expect(trader.ask({ is: 'close', position: '3', volumeLots: '0.05' })).toMatchObject({ reason: 'volume-too-low' });
    expect(trader.ask({ is: 'close', position: '3', volumeLots: '0.1' })).toMatchObject({ is: 'taken' });
  });

  it('takes no more than there is, no crumbs, and no dead price', () => {
    const trader = new PaperTrader({}, [aPair('EURUSD'), unvalued]);
    trader.order();
    expect(trader.ask({ is: 'close', position: '3', volumeLots: '0.005' })).toMatchObject({ reason: 'volume-too-low' });
    trader.market.dead.add('EURUSD');
    expect(trader.ask({ is: 'close', position: '3', volumeLots: '0.1' })).toMatchObject({ reason: 'market-closed' });
    trader.market.quotes.clear();
    expect(trader.ask({ is: 'close', position: '3', volumeLots: '0.1' })).toMatchObject({ reason: 'off-quotes' });
    expect(trader.exchange.figures()).toBeNull();
  });

  it('is booked in the currency of the account, by the venue’s own pairs', () => {
    const trader = new PaperTrader({ currency: 'PLN' }, [aPair('EURUSD'), aPair('USDPLN')]);
    trader.market.say('USDPLN', '3.99', '4.01');
    trader.order();
    expect(trader.exchange.figures()).toMatchObject({ equity: '9992', margin: '440.08' });
    trader.moves('1.11', '1.1102');
    trader.ask({ is: 'close', position: '3', volumeLots: '0.1' });
    expect(dealIn(trader.exchange.drain())).toMatchObject({ profit: '392' });
  });
});

describe('a rate that its venue does not stand by', () => {
  it('books nothing, and values all the same', () => {
    const trader = new PaperTrader({ currency: 'PLN' }, [aPair('EURUSD'), aPair('USDPLN')]);
    trader.market.say('USDPLN', '3.99', '4.01');
    trader.order({ stopLoss: '1.09' });
    trader.market.dead.add('USDPLN');
    expect(trader.ask({ is: 'close', position: '3', volumeLots: '0.1' })).toMatchObject({ reason: 'off-quotes' });
    expect(dealIn(trader.moves('1.08', '1.0802'))).toBeUndefined();
    expect(trader.exchange.figures()).toMatchObject({ balance: '10000' });
    trader.market.dead.clear();
    expect(dealIn(trader.moves('1.08', '1.0802'))).toMatchObject({ reason: 'stop-loss' });
  });
});

describe('a limit or stop order', () => {
  it.each([
    ['invalid-price', { kind: 'limit', price: '1.1002' }],
    ['invalid-price', { kind: 'stop', price: '1.1002' }],
    ['invalid-price', { kind: 'limit', side: 'sell', price: '1.1' }],
    ['invalid-price', { kind: 'stop', side: 'sell', price: '1.1' }],
    ['invalid-price', { kind: 'limit', price: '1.099999' }],
    ['invalid-price', { kind: 'limit', price: null }],
    ['invalid-protection', { kind: 'limit', price: '1.09', stopLoss: '1.09' }],
    ['invalid-protection', { kind: 'stop', price: '1.12', takeProfit: '1.11' }],
  ] as const)('is refused with %s: %j', (reason, parts) => {
    expect(new PaperTrader().order(parts)).toMatchObject({ is: 'rejected', reason });
  });

  it('stands under the number of its request until it is changed, cancelled or expires', () => {
    const trader = new PaperTrader();
    expect(trader.order({ kind: 'limit', price: '1.09', expiresAt: LATER })).toMatchObject({ brokerRequest: '2' });
    const standing = {
      ...{ about: 'order', order: '2', instrument: 'EURUSD', digits: 5, side: 'buy', kind: 'limit', price: '1.09' },
      ...{
        volumeLots: '0.1',
        stopLoss: null,
        takeProfit: null,
        trailingPoints: null,
        placedAt: MONDAY,
        expiresAt: LATER,
        comment: 'mine',
      },
    };
    expect(trader.exchange.drain()).toEqual([standing]);
    expect(trader.exchange.standing()).toEqual([standing]);

    const terms = { is: 'amend', order: '2', stopLoss: '1.07', takeProfit: null, expiresAt: null } as const;
    expect(trader.ask({ ...terms, price: '1.08' })).toEqual({ is: 'taken', brokerRequest: '3' });
    expect(trader.exchange.drain()).toEqual([{ ...standing, price: '1.08', stopLoss: '1.07', expiresAt: null }]);
    expect(trader.ask({ ...terms, price: '1.2' })).toMatchObject({ reason: 'invalid-price' });
    expect(trader.ask({ ...terms, price: '1.06' })).toMatchObject({ reason: 'invalid-protection' });
    expect(trader.ask({ ...terms, order: '9', price: '1.08' })).toMatchObject({ reason: 'not-found' });

    expect(trader.ask({ is: 'cancel', order: '2' })).toEqual({ is: 'taken', brokerRequest: '4' });
    expect(trader.exchange.drain()).toEqual([{ about: 'order-gone', order: '2' }]);
    expect(trader.ask({ is: 'cancel', order: '2' })).toMatchObject({ reason: 'not-found' });
  });

  it('may be changed without its price, wherever the market is by now', () => {
    const trader = new PaperTrader();
    trader.order({ kind: 'limit', price: '1.09', stopLoss: '1.08' });
    trader.market.say('EURUSD', '1.085', '1.0852'); // nobody has looked yet
    const terms = { is: 'amend', order: '2', price: '1.09', stopLoss: '1.08', expiresAt: null } as const;
    expect(trader.ask({ ...terms, takeProfit: '1.2' })).toMatchObject({ is: 'taken' });
  });

  it('expires at its time', () => {
    const trader = new PaperTrader();
    trader.order({ kind: 'limit', price: '1.09', expiresAt: LATER });
    trader.exchange.drain();
    expect(trader.waits(2 * HOUR_MS - 1)).toEqual([]);
    expect(trader.waits(1)).toEqual([{ about: 'order-gone', order: '2' }]);
  });
});

describe('protection', () => {
  it('is set, moved and taken off, and what stays is not looked at again', () => {
    const trader = new PaperTrader();
    trader.order({ stopLoss: '1.0999' });
    const protect = { is: 'protect', position: '3' } as const;
    trader.market.say('EURUSD', '1.0998', '1.1'); // nobody has looked yet
    expect(trader.ask({ ...protect, stopLoss: '1.0999', takeProfit: '1.12' })).toMatchObject({ is: 'taken' });
    expect(trader.position).toMatchObject({ stopLoss: '1.0999', takeProfit: '1.12' });
    expect(trader.ask({ ...protect, stopLoss: '1.2', takeProfit: '1.12' })).toMatchObject({
      reason: 'invalid-protection',
    });
    trader.ask({ ...protect, stopLoss: null, takeProfit: null });
    expect(trader.position).toMatchObject({ stopLoss: null, takeProfit: null });
    expect(trader.ask({ ...protect, position: '9', stopLoss: null, takeProfit: null })).toMatchObject({
      reason: 'not-found',
    });
  });
});

describe('a night', () => {
  const held = (parts: Parameters<typeof aPair>[1]) => {
    const trader = new PaperTrader({}, [aPair('EURUSD', parts)]);
    trader.order({ volumeLots: '1' });
    trader.exchange.drain();
    return trader;
  };

  it.each([
    ['points', { swapUnit: 'points', swapLong: '-6.3' }, '-6.3'],
    ['quote currency', { swapUnit: 'quote-currency', swapLong: '-7.71' }, '-7.71'],
    ['margin currency', { swapUnit: 'margin-currency', swapLong: '-10' }, '-11'],
    ['percent a year', { swapUnit: 'percent-a-year', swapLong: '-3.6' }, '-11'],
    ['a unit nobody told', { swapUnit: null, swapLong: '-3.6' }, '0'],
    ['nothing', { swapLong: '0' }, '0'],
  ] as const)('is charged for in %s', (_unit, parts, swap) => {
    const trader = held(parts);
    trader.market.say('EURUSD', '1.1', '1.1');
    const reports = trader.waits(12 * HOUR_MS);
    expect(trader.position?.swap).toBe(swap);
    expect(reports.map((report) => report.about === 'position' && report.swap)).toEqual(swap === '0' ? [] : [swap]);
    expect(trader.waits(HOUR_MS)).toEqual([]);
  });

  it('counts three times on the instrument’s day, and not at the weekend', () => {
    const trader = held({ swapUnit: 'quote-currency', swapLong: '-1', swapShort: '2', tripleSwapDay: 3 });
    trader.order({ side: 'sell' });
    const totals = Array.from({ length: 8 }, () => {
      trader.waits(DAY_MS);
      return sum(Object.values(trader.exchange.account.positions).map(({ swap }) => swap));
    });
    // Monday and Tuesday one each, Wednesday three, Thursday and Friday one each, none at the weekend.
    expect(totals).toEqual(['-0.8', '-1.6', '-4', '-4.8', '-5.6', '-5.6', '-5.6', '-6.4']);
  });

  it('is not charged for what was opened at its very moment', () => {
    const trader = new PaperTrader({}, [aPair('EURUSD', { swapUnit: 'quote-currency', swapLong: '-1' })]);
    trader.at = '2026-01-05T22:00:00.000000Z';
    trader.order();
    trader.exchange.drain();
    expect(trader.waits(0)).toEqual([]);
  });

  it('is charged late rather than never or twice, and not for what was opened after it', () => {
    const trader = held({ swapUnit: 'quote-currency', swapLong: '-1' });
    const { quotes } = trader.market;
    const known = quotes.get('EURUSD');
    quotes.clear();
    expect(trader.waits(DAY_MS)).toEqual([]);
    if (known) quotes.set('EURUSD', known);
    trader.order({ volumeLots: '1' });
    trader.exchange.drain();
    expect(trader.waits(0)).toMatchObject([{ position: '3', swap: '-1' }]);
    expect(trader.waits(HOUR_MS)).toEqual([]);
  });
});
