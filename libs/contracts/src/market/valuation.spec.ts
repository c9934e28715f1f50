import { add, divide } from '@core/kernel/decimal';
import fc from 'fast-check';
import { convert } from './conversion.ts';
import { aMarket, anInstrument, aPair } from './example.fixture.ts';
import {
  closingPrice,
  grossProfit,
  moneyDigits,
  nominalValue,
  openingPrice,
  openProfit,
  requiredMargin,
  UNKNOWN_MARKET,
  type ValuedPosition,
} from './valuation.ts';

const crypto = (instrument: string) => aPair(instrument, { category: 'crypto' });

const position = (instrument: string, parts: Partial<ValuedPosition> = {}): ValuedPosition => ({
  instrument,
  contract: aPair(instrument).contract,
  side: 'buy',
  volumeLots: '1',
  openPrice: '1',
  ...parts,
});

const rateOf = ({ rates }: typeof UNKNOWN_MARKET, from: string, to: string) => {
  const rate = rates.rate(from, to);
  return rate && convert('1', rate);
};

describe('a rate', () => {
  const market = aMarket([aPair('EURUSD'), aPair('USDJPY'), aPair('EURPLN'), crypto('BTCUSD')], {
    EURUSD: ['1.0999', '1.1001'],
    USDJPY: ['150', '150'],
    EURPLN: ['4.4', '4.4'],
    BTCUSD: ['50000', '50010'],
  });

  it.each([
    ['USD', 'USD', '1'],
    ['EUR', 'USD', '1.1'],
    ['USD', 'EUR', '0.909090909091'],
    ['EUR', 'JPY', '165'],
    ['USD', 'PLN', '4'],
    ['BTC', 'EUR', '45459.090909090909'],
  ])('from %s to %s is at the middle of the market: %s', (from, to, rate) => {
    expect(rateOf(market, from, to)).toBe(rate);
  });

  it('goes by way of the dollar before it goes by the euro', () => {
    const pairs = ['GBPUSD', 'USDCHF', 'EURGBP', 'EURCHF'];
    const quotes = {
      GBPUSD: ['1.25', '1.25'],
      USDCHF: ['0.8', '0.8'],
      EURGBP: ['0.5', '0.5'],
      EURCHF: ['9', '9'],
    } as const;
    for (const listed of [pairs, pairs.toReversed()]) {
      const both = aMarket(
        listed.map((pair) => aPair(pair)),
        quotes,
      );
      expect(rateOf(both, 'GBP', 'CHF')).toBe('1');
      expect(both.rates.rate('GBP', 'CHF')?.legs.map(({ quote }) => quote.instrument)).toEqual(['GBPUSD', 'USDCHF']);
    }
    const { USDCHF: _, ...dollarless } = quotes;
    expect(
      rateOf(
        aMarket(
          pairs.map((pair) => aPair(pair)),
          dollarless,
        ),
        'GBP',
        'CHF',
      ),
    ).toBe('18');
  });

  it('is of the pair itself before its inverse, and of its plain name before its variants', () => {
    const variant = { ...aPair('EURUSD'), instrument: 'EURUSD_4' };
    const quotes = { EURUSD_4: ['3', '3'], EURUSD: ['2', '2'], USDEUR: ['4', '4'] } as const;
    const market = aMarket([aPair('USDEUR'), variant, aPair('EURUSD')], quotes);
    expect([rateOf(market, 'EUR', 'USD'), rateOf(market, 'USD', 'EUR')]).toEqual(['2', '4']);
    const unquoted = aMarket([aPair('EURUSD'), variant], { EURUSD_4: ['3', '3'] });
    expect(rateOf(unquoted, 'EUR', 'USD')).toBe('3');
  });

  it('is never made of anything but pairs, of what is not quoted, or of three steps', () => {
    const share = anInstrument({ instrument: 'SHARE', category: 'stock', contract: aPair('EURUSD').contract });
    expect(rateOf(aMarket([share], { SHARE: ['2', '2'] }), 'EUR', 'USD')).toBeNull();
    expect(rateOf(aMarket([aPair('EURUSD')], {}), 'EUR', 'USD')).toBeNull();
    expect(rateOf(market, 'JPY', 'PLN')).toBeNull();
    expect(rateOf(UNKNOWN_MARKET, 'EUR', 'USD')).toBeNull();
  });
});

describe('open profit', () => {
  const market = aMarket(
    [
      ...['GBPJPY', 'USDJPY', 'EURUSD', 'AUDNZD', 'NZDUSD', 'USDCHF'].map((pair) => aPair(pair)),
      crypto('ETHBTC'),
      crypto('BTCUSD'),
    ],
    {
      GBPJPY: ['188.600', '188.630'],
      USDJPY: ['149.250', '149.264'],
      EURUSD: ['1.08450', '1.08459'],
      AUDNZD: ['1.07120', '1.07150'],
      NZDUSD: ['0.61020', '0.61035'],
      USDCHF: ['0.88120', '0.88134'],
      ETHBTC: ['0.05640', '0.05645'],
      BTCUSD: ['51940.00', '51982.00'],
    },
  );

  it.each([
    // 100 000 yen at 149.257 yen and 1.084545 dollars: two steps, rounded once.
    ['GBPJPY', 'EUR', { openPrice: '187.6' }, '617.76'],
    // Down 100 pips from the ask it would close at: a short one.
    ['AUDNZD', 'CHF', { openPrice: '1.0615', side: 'sell' }, '-537.82'],
    ['ETHBTC', 'USD', { openPrice: '0.0554', volumeLots: '0.0001' }, '519.61'],
    ['ETHBTC', 'BTC', { openPrice: '0.0554', volumeLots: '0.00001234' }, '0.001234'],
  ] as const)('of %s in %s, %j: %s', (instrument, currency, parts, profit) => {
    expect(openProfit(position(instrument, parts), market, currency)).toBe(profit);
  });

  it('is left out where its price or a rate is not known', () => {
    expect(openProfit(position('EURGBP'), market, 'GBP')).toBeNull();
    expect(openProfit(position('EURUSD'), market, 'PLN')).toBeNull();
    expect(openProfit(position('EURUSD'), UNKNOWN_MARKET, 'USD')).toBeNull();
  });

  it('of both sides together is a loss of the spread', () => {
    const lots = fc.integer({ min: 1, max: 10_000 }).map((each) => divide(`${each}`, '100'));
    fc.assert(
      fc.property(lots, (volumeLots) => {
        const [long, short] = [position('GBPJPY', { volumeLots }), position('GBPJPY', { volumeLots, side: 'sell' })];
        const spread = nominalValue(long, '-0.03');
        expect(add(grossProfit(long, '188.6'), grossProfit(short, '188.63'))).toBe(spread);
      }),
    );
  });
});

describe('the sides of a quote', () => {
  it('are the ask to buy at and the bid to sell at', () => {
    const quote = { bid: '1', ask: '2' } as const;
    expect([openingPrice('buy', quote), openingPrice('sell', quote)]).toEqual(['2', '1']);
    expect([closingPrice('buy', quote), closingPrice('sell', quote)]).toEqual(['1', '2']);
  });
});

describe('margin', () => {
  it('is a percentage of nominal value, in the account’s currency', () => {
    const market = aMarket([aPair('EURUSD')], { EURUSD: ['1.0845', '1.08459'] });
    const rate = market.rates.rate('USD', 'EUR');
    const nominal = nominalValue(position('EURUSD'), '1.08459');
    expect(rate && requiredMargin(nominal, '3.33', rate, 'EUR')).toBe('3330.14');
  });
});

describe('digits', () => {
  it('are those that brokers book: hundredths, and more of coins that are worth more', () => {
    expect(['USD', 'JPY', 'PLN', 'BTC'].map(moneyDigits)).toEqual([2, 2, 2, 8]);
  });
});
