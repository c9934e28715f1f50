import type { Event, EventBody } from '@core/contracts/event';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import { aMarket, anInstrument, aPair } from '@core/contracts/market/example.fixture';
import { moneyDigits } from '@core/contracts/market/valuation';
import { absolute, compare, divide, fromNumber, multiply, subtract, sum, toFixed } from '@core/kernel/decimal';
import { fold } from '@core/kernel/projection';
import { tradingSession } from '@core/views/tradingview/session';
import fc from 'fast-check';
import { inStream, TvIndividualPosition, TvNetPosition } from '../wire/position.ts';
import { positionsBeneath, translateNetPositions } from './net-position.ts';
import { translateIndividualPositions, translatePositions } from './position.ts';
import { translateState, type ReportedAccount } from './state.ts';

const NOW = '2026-01-05T12:00:00.000000Z';
const gold = anInstrument({
  instrument: 'GOLD',
  contract: { contractSize: '100', baseCurrency: 'XAU', quoteCurrency: 'USD', digits: 2, pipSize: '0.01' },
});
const specs = [aPair('EURUSD'), aPair('USDJPY'), aPair('EURPLN'), gold];
/** Every quote currency has a rate into every account's. */
const rates = [aPair('EURJPY'), aPair('USDPLN'), aPair('PLNJPY')];
const market = aMarket([...specs, ...rates], {
  ...{ EURUSD: ['1.09991', '1.10007'], USDJPY: ['150.003', '150.017'] },
  ...{ EURPLN: ['4.40011', '4.40507'], GOLD: ['2400.17', '2400.55'] },
  ...{ EURJPY: ['165.011', '165.029'], USDPLN: ['3.99101', '3.99408'], PLNJPY: ['37.511', '37.533'] },
});

type Opened = EventBody<'PositionOpened'>['data'];
const anOpening = fc
  .record({
    spec: fc.constantFrom(...specs),
    side: fc.constantFrom('buy', 'sell'),
    hundredths: fc.integer({ min: 1, max: 5_000 }),
    points: fc.integer({ min: 90_000, max: 130_000 }),
    cents: fc.integer({ min: -9_999, max: 0 }),
  })
  .map(({ spec, side, hundredths, points, cents }): Partial<Opened> => ({
    ...{ instrument: spec.instrument, contract: spec.contract, side, volumeLots: divide(`${hundredths}`, '100') },
    ...{ price: divide(`${points}`, `${10 ** spec.contract.digits}`), swap: divide(`${cents}`, '100') },
    ...{ orderId: null, stopLoss: null, takeProfit: null },
  }));
const idOf = (n: number): string => exampleId(0x9000 + n);

const bookOf = (openings: readonly Partial<Opened>[], closed: readonly number[] = []) => {
  const opened = openings.map((data, n) => anEvent('PositionOpened', { ...data, positionId: idOf(n) }));
  const closings = closed.map((n): Event => anEvent('PositionClosed', { positionId: idOf(n), requestId: null }));
  return fold(tradingSession, recorded([...opened, ...closings]));
};

const account: Omit<ReportedAccount, 'terms'> = {
  money: { balance: '1000', credit: '0' },
  accrued: '0',
  equity: null,
  freeMargin: { countsGain: null, countsLoss: null },
  session: { status: 'open' },
};

describe('net positions', () => {
  it('are their individual positions together, and all of them the state, to the last digit in every currency', () => {
    fc.assert(
      fc.property(
        fc.array(anOpening, { maxLength: 12 }),
        fc.array(fc.nat(11), { maxLength: 4 }),
        fc.constantFrom('USD', 'EUR', 'PLN', 'JPY'),
        (openings, closings, currency) => {
          const book = bookOf(
            openings,
            [...new Set(closings)].filter((n) => n < openings.length),
          );
          const valuation = { market, currency };
          const nets = translateNetPositions(book, NOW, valuation);
          const individuals = translateIndividualPositions(book, NOW, valuation, 'en');
          for (const net of nets) {
            TvNetPosition.parse(net);
            const beneath = individuals.filter(({ instrument }) => instrument === net.instrument);
            const quantity = (side: 'buy' | 'sell') =>
              sum(beneath.filter((each) => each.side === side).map(({ qty }) => fromNumber(qty)));
            expect(fromNumber(net.longQty)).toBe(quantity('buy'));
            expect(fromNumber(net.shortQty)).toBe(quantity('sell'));
            expect(fromNumber(net.qty)).toBe(subtract(quantity('buy'), quantity('sell')));
            expect(profitIn(net)).toBe(toFixed(profitOf(beneath), moneyDigits(currency)));
            const apart = positionsBeneath(book, net.id).map(({ id }) => id);
            expect(apart).toEqual(beneath.filter(({ qty }) => qty > 0).map(({ id }) => id));
          }
          const state = translateState({ ...account, terms: { currency, leverage: null } }, book, valuation, 'en');
          expect(fromNumber(state?.unrealizedPl ?? NaN)).toBe(profitOf(individuals));
        },
      ),
    );
  });

  it('stand at the price at which closing all of them brings nothing', () => {
    fc.assert(
      fc.property(fc.array(anOpening, { minLength: 1, maxLength: 6 }), (openings) => {
        const book = bookOf(openings);
        for (const { id, qty, avgPrice } of translateNetPositions(book, NOW, { market, currency: 'USD' })) {
          const signed = positionsBeneath(book, id).map(({ side, lots, price, contract }) => {
            const value = multiply(multiply(lots, contract.contractSize), price);
            return side === 'buy' ? value : subtract('0', value);
          });
          if (avgPrice === undefined) continue;
          const missed = absolute(subtract(multiply(fromNumber(avgPrice), fromNumber(qty)), sum(signed)));
          // Half of the last digit that the price has, for each unit.
          const digits = specs.find(({ instrument }) => instrument === id)?.contract.digits ?? 0;
          expect(compare(missed, multiply(absolute(fromNumber(qty)), divide('0.05', `${10 ** digits}`)))).not.toBe(1);
        }
      }),
    );
  });

  it('have no price where nothing is left net, and are not closed by that', () => {
    const [net] = translateNetPositions(bookOf([{ side: 'buy' }, { side: 'sell' }]), NOW, { market, currency: 'USD' });
    expect(net).toMatchObject({ id: 'EURUSD', qty: 0, longQty: 10_000, shortQty: 10_000 });
    expect(net).not.toHaveProperty('avgPrice');
    expect(net && inStream(net)).toBe(net);
  });

  it('stay with no quantity once all beneath them are closed, and come again under the same id', () => {
    const valuation = { market, currency: 'USD' };
    const [closed] = translateNetPositions(bookOf([{}], [0]), NOW, valuation);
    expect(closed).toMatchObject({ id: 'EURUSD', qty: 0, longQty: 0, shortQty: 0 });
    expect(closed && inStream(closed)).toEqual({ id: 'EURUSD', qty: 0 });
    const again = translateNetPositions(bookOf([{}, { side: 'sell' }], [0]), NOW, valuation);
    expect(again).toMatchObject([{ id: 'EURUSD', qty: -10_000 }]);
  });

  it('have no profit that is only a part of theirs', () => {
    const [net] = translateNetPositions(bookOf([{}]), NOW, { market, currency: 'NOK' });
    expect(net && profitIn(net)).toBe('—');
  });
});

describe('individual positions', () => {
  it('are the positions, with when they were opened', () => {
    const book = bookOf([{}, { side: 'sell' }], [1]);
    const valuation = { market, currency: 'USD' };
    const individuals = translateIndividualPositions(book, NOW, valuation, 'en');
    expect(individuals.map((each) => TvIndividualPosition.parse(each).date)).toEqual([
      '1767607200123',
      '1767607200123',
    ]);
    expect(individuals.map(({ date: _, price, ...rest }) => ({ ...rest, avgPrice: price }))).toEqual(
      translatePositions(book, NOW, valuation, 'en'),
    );
  });
});

const profitIn = ({ customFields = [] }: TvNetPosition): string | undefined =>
  customFields.find(({ id }) => id === 'profit')?.value;

const profitOf = (positions: readonly TvIndividualPosition[]) =>
  sum(positions.map(({ unrealizedPl = 0 }) => fromNumber(unrealizedPl)));
