import { compare, fromNumber } from '@core/kernel/decimal';
import fc from 'fast-check';
import { isWorseThan, worstPriceOf } from './slippage.ts';

const price = fc.integer({ min: 1_000, max: 10_000_000 }).map((points) => fromNumber(points / 100_000));
const percent = fc.integer({ min: 0, max: 5_000 }).map((hundredths) => fromNumber(hundredths / 100));
const side = fc.constantFrom('buy', 'sell');
const contract = { digits: 5 };

describe('the worst price', () => {
  it('is never better than the one that was seen, and further away the wider the bound', () => {
    fc.assert(
      fc.property(side, price, percent, percent, (of, seen, one, other) => {
        const worst = worstPriceOf(of, seen, one, contract);
        expect(isWorseThan(of, seen, worst)).toBe(false);
        const [narrow, wide] = compare(one, other) <= 0 ? [one, other] : [other, one];
        const [nearer, farther] = [narrow, wide].map((each) => worstPriceOf(of, seen, each, contract));
        expect(isWorseThan(of, nearer ?? seen, farther ?? seen)).toBe(false);
      }),
    );
  });

  it('bounds one side only: better is always good enough', () => {
    fc.assert(
      fc.property(side, price, price, (of, bound, other) => {
        expect(isWorseThan(of, other, bound) && isWorseThan(of, bound, other)).toBe(false);
        expect(isWorseThan('buy', other, bound)).toBe(isWorseThan('sell', bound, other));
      }),
    );
    expect(worstPriceOf('buy', '1.1002', '0.5', contract)).toBe('1.1057');
    expect(worstPriceOf('sell', '1.1', '0.5', contract)).toBe('1.0945');
  });
});
