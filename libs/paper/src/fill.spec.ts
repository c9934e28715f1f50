import type { Quote } from '@core/contracts/market/quote';
import { limitPrice, marketPrice } from './fill.ts';

const quote: Quote = {
  instrument: 'EURUSD',
  bid: '1.1',
  ask: '1.1002',
  time: '2026-01-05T10:00:00.000000Z',
  bids: [
    ['1.1', '1'],
    ['1.0999', '2'],
  ],
  asks: [
    ['1.1002', '1'],
    ['1.1004', null],
    ['1.2', '50'],
  ],
};

describe('a market order', () => {
  it.each([
    ['buy', '1', '1.1002', 'the best level is enough'],
    ['buy', '3', '1.10033', 'one lot of the best and two of the next'],
    ['buy', '1000', '1.1004', 'a level that does not say its size is as deep as it takes'],
    ['sell', '2', '1.09995', 'half and half'],
    ['sell', '9', '1.09991', 'past the last level the rest goes at its price'],
  ] as const)('to %s %s lots meets %s: %s', (side, lots, price, _why) => {
    expect(marketPrice(side, lots, quote, 5)).toBe(price);
  });

  it('meets the best price where no levels are told', () => {
    expect(marketPrice('buy', '5', { ...quote, asks: [] }, 5)).toBe('1.1002');
    expect(marketPrice('sell', '5', { ...quote, bids: [] }, 5)).toBe('1.1');
  });
});

it('a limit is met at no worse than its price, and at better ones when the market is there', () => {
  expect(limitPrice('buy', '3', '1.1003', quote, 5)).toBe('1.1003');
  expect(limitPrice('buy', '3', '1.15', quote, 5)).toBe('1.10033');
  expect(limitPrice('sell', '2', '1.1', quote, 5)).toBe('1.1');
  expect(limitPrice('sell', '2', '1.05', quote, 5)).toBe('1.09995');
});
