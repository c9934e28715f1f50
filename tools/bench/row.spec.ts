import fc from 'fast-check';
import { median, middlePair, percentile } from './row.ts';

const positive = fc.double({ min: 0.001, max: 1e6, noNaN: true });

it('the middle pair is one of those measured, and as many ratios are below it as above', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ value: positive, limit: positive }), { minLength: 1, maxLength: 9 }), (pairs) => {
      const middle = middlePair(pairs);
      expect(pairs).toContain(middle);
      const ratios = pairs.map(({ value, limit }) => value / limit);
      const ratio = middle.value / middle.limit;
      expect(ratios.filter((each) => each < ratio).length).toBeLessThanOrEqual(pairs.length / 2);
      expect(ratios.filter((each) => each > ratio).length).toBeLessThanOrEqual(pairs.length / 2);
    }),
  );
});

it('percentiles are values that were measured, in their order', () => {
  fc.assert(
    fc.property(fc.array(positive, { minLength: 1 }), (values) => {
      const found = [0, 50, 99, 100].map((percent) => percentile(values, percent));
      for (const value of found) expect(values).toContain(value);
      expect(found).toEqual(found.toSorted((one, other) => one - other));
      expect(median(values)).toBe(percentile(values, 50));
    }),
  );
});
