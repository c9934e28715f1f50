import { exampleId } from '@core/contracts/examples.fixture';
import {
  nominalValue,
  openingPrice,
  openProfit,
  requiredMargin,
  type PricedMarket,
  type ValuedPosition,
} from '@core/contracts/market/valuation';
import { present } from '@core/kernel/present';
import { translatePosition as onTradingView } from '@core/tradingview/translate/position';
import { positionModelOf as onSocket, type PositionFacts } from '@core/ws-session/position-model';
import fc from 'fast-check';
import { AccountCurrency } from './account.ts';
import { heard } from './heard-market.fixture.ts';
import type { SimulatedInstrument } from './instrument.ts';
import { instruments } from './instruments.ts';
import { Market } from './market.ts';
import { Random } from './random.ts';
import { decimalOf } from './units.ts';
import * as broker from './valuation.ts';

const NOW = Date.UTC(2024, 2, 5, 12);
const AT = '2024-03-05T12:00:00.000000Z';
const CURRENCIES = AccountCurrency.options;

const named = (from: readonly SimulatedInstrument[], symbol: string): SimulatedInstrument =>
  present(
    from.find((each) => each.symbol === symbol),
    symbol,
  );

/** An instrument of the fresh market under other names: pairs that only bridges lead on from. */
const like = (symbol: string, change: Partial<SimulatedInstrument>): SimulatedInstrument => ({
  ...named(instruments, symbol),
  ...change,
});
const offered: readonly SimulatedInstrument[] = [
  ...instruments,
  like('USDJPY', { symbol: 'GBPJPY', currency: 'GBP', currencyProfit: 'JPY', startPrice: 188_600 }),
  like('EURUSD', { symbol: 'AUDNZD', currency: 'AUD', currencyProfit: 'NZD', startPrice: 107_120 }),
  like('EURUSD', { symbol: 'NZDUSD', currency: 'NZD', currencyProfit: 'USD', startPrice: 61_020 }),
  like('BITCOIN', { symbol: 'BTCUSD', currency: 'BTC', currencyProfit: 'USD' }),
  like('BITCOIN', { symbol: 'ETHBTC', currency: 'ETH', currencyProfit: 'BTC', digits: 5, startPrice: 5_640 }),
];

/** Around the price that the instrument starts at. */
const priceOf = ({ startPrice }: SimulatedInstrument) =>
  fc.integer({ min: Math.ceil(startPrice / 2), max: Math.floor(startPrice * 1.5) });

const deals = fc.constantFrom(...offered).chain((instrument) =>
  fc.record({
    instrument: fc.constant(instrument),
    isBuy: fc.boolean(),
    volume: fc.integer({ min: 1, max: 20_000 }),
    openPrice: priceOf(instrument),
    bid: priceOf(instrument),
    currency: fc.constantFrom(...CURRENCIES),
  }),
);
type Deal = typeof deals extends fc.Arbitrary<infer Value> ? Value : never;

function valued({ instrument, isBuy, volume, openPrice, bid, currency }: Deal) {
  const market = new Market(offered, new Random('agreement'), NOW, () => true);
  const quote = market.set(instrument.symbol, bid, null, NOW);
  const known = heard(market);
  const spec = known.specOf(instrument.symbol);
  const position: ValuedPosition = {
    ...{ instrument: spec.instrument, contract: spec.contract, side: isBuy ? 'buy' : 'sell' },
    ...{ volumeLots: decimalOf(volume, 2), openPrice: decimalOf(openPrice, instrument.digits) },
  };
  const closePrice = broker.closingPoints(isBuy, quote);
  const profit = broker.profitCents(market, currency, instrument, { isBuy, volume, openPrice, closePrice });
  const margin = broker.marginCents(
    market,
    { currency, leverage: 100 },
    instrument,
    volume,
    broker.openingPoints(isBuy, quote),
  );
  return { known, spec, position, profit: decimalOf(profit, 2), margin: decimalOf(margin, 2) };
}

const shownOnTradingView = (position: ValuedPosition, market: PricedMarket, currency: string) =>
  onTradingView(
    {
      ...{ ...position, id: exampleId(1), lots: position.volumeLots, price: position.openPrice },
      ...{ swap: '0', commission: '0', dealt: { swap: '0', commission: '0' }, note: null },
      ...{ openedAt: AT, closedAt: null },
    },
    { market, currency },
    'en',
  ).unrealizedPl;

const shownOnSocket = (position: ValuedPosition, market: PricedMarket, currency: string) => {
  const moment = { at: AT, correlationId: exampleId(2) };
  const facts: PositionFacts = {
    ...{
      ...position,
      id: exampleId(1),
      brokerPosition: '1',
      openedAt: AT,
      commission: '0',
      swaps: [],
      close: null,
      closed: null,
    },
    ...{
      stopLoss: null,
      takeProfit: null,
      trailingPoints: null,
      signal: null,
      created: moment,
      opened: moment,
      updated: moment,
    },
  };
  return onSocket(facts, { accountId: exampleId(3), traderId: exampleId(4), currency }, market);
};

describe('our valuation of an open position', () => {
  it('is the broker’s to the cent, in accounts of any currency, and both edges show it', () => {
    fc.assert(
      fc.property(deals, (deal) => {
        const { known, position, profit } = valued(deal);
        expect(openProfit(position, known, deal.currency)).toBe(profit);
        expect(shownOnTradingView(position, known, deal.currency)).toBe(Number(profit));
        expect(shownOnSocket(position, known, deal.currency).profit).toBe(profit);
      }),
      { numRuns: 300 },
    );
  });

  it('holds back the broker’s margin to the cent', () => {
    fc.assert(
      fc.property(deals, (deal) => {
        const { known, spec, position, margin } = valued(deal);
        const price = openingPrice(position.side, present(known.quote(spec.instrument), 'it was set'));
        const rate = present(known.rates.rate(spec.contract.quoteCurrency, deal.currency), 'all are bridged');
        const ours = requiredMargin(nominalValue(position, price), spec.marginPercent, rate, deal.currency);
        expect(ours).toBe(margin);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['GBPJPY', 'EUR'],
    ['AUDNZD', 'CHF'],
    ['ETHBTC', 'USD'],
  ] as const)('has one answer for %s in %s', (symbol, currency) => {
    const instrument = named(offered, symbol);
    const [openPrice, bid] = [instrument.startPrice, instrument.startPrice + 100];
    const { known, position, profit } = valued({ instrument, isBuy: true, volume: 100, openPrice, bid, currency });
    const socket = shownOnSocket(position, known, currency);
    expect([shownOnTradingView(position, known, currency), Number(socket.profit)]).toEqual([
      Number(profit),
      Number(profit),
    ]);
    expect(Number(profit)).toBeGreaterThan(0);
    // The figure follows from the prices that are shown beside it.
    const { profit_price: rate, lots_size: size } = socket;
    const movement = 100 / 10 ** instrument.digits;
    expect(movement * Number(size) * Number(rate)).toBeCloseTo(Number(profit), 1);
  });
});
