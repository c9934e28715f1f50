import fc from 'fast-check';
import { Cached } from './cached.ts';

/** What the world is when somebody asks. */
const asked = fc.record({
  version: fc.nat(2),
  prices: fc.nat(2),
  nowMs: fc.nat(3),
  /** How something would be made now. */
  until: fc.integer({ min: 1, max: 4 }),
  isPriced: fc.boolean(),
});

describe('something cached', () => {
  it('is what would be made now, so far as that was made of what has changed', () => {
    fc.assert(
      fc.property(fc.array(asked, { minLength: 1, maxLength: 20 }), (questions) => {
        const cached = new Cached<(typeof questions)[number]>();
        for (const now of questions) {
          const given = cached.get(
            now.version,
            () => now.prices,
            now.nowMs,
            () => ({ ...now, value: now }),
          );
          expect(given.version).toBe(now.version);
          if (given.isPriced) expect(given.prices).toBe(now.prices);
          if (given !== now) expect(now.nowMs).toBeLessThan(given.until);
        }
      }),
    );
  });

  it('is made once as long as nothing that it was made of changes, and nobody asks for the prices of what has none', () => {
    const cached = new Cached<string>();
    const make = jest.fn(() => ({ value: 'made', until: 10, isPriced: false }));
    const prices = jest.fn(() => 1);
    cached.get(1, prices, 0, make);
    prices.mockClear();
    for (let nowMs = 0; nowMs < 10; nowMs += 1) expect(cached.get(1, prices, nowMs, make)).toBe('made');
    expect(make).toHaveBeenCalledTimes(1);
    expect(prices).not.toHaveBeenCalled();
  });
});
