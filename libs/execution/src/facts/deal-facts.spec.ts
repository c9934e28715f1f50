import type { Decimal } from '@core/contracts/primitives';
import { add, fromNumber, subtract, sum } from '@core/kernel/decimal';
import fc from 'fast-check';
import { deal, openPosition, pending, positionGone, TrackerHarness } from '../account-tracker.fixture.ts';

const cents = (max: number) => fc.integer({ min: -max, max }).map((amount): Decimal => fromNumber(amount / 100));

/** What a position costs while it stands, the shares its deals take of that, and charges that fall between them. */
const life = fc.record({
  opening: fc.record({ commission: cents(20_000), swap: cents(500) }),
  parts: fc.array(
    fc.record({
      share: fc.record({ commission: cents(9_000), swap: cents(300) }),
      charge: fc.oneof(fc.constant<Decimal>('0'), cents(300)),
      chargeFirst: fc.boolean(),
      renumbers: fc.boolean(),
      dealFirst: fc.boolean(),
    }),
    { maxLength: 5 },
  ),
});

const told = <Key extends 'swap' | 'commission'>(harness: TrackerHarness, key: Key): Decimal =>
  sum(
    harness.told.flatMap(({ type, data }) =>
      type === 'PositionReduced' || type === 'PositionClosed' ? [data[key]] : [],
    ),
  );

describe('the costs of a position', () => {
  it('are its opening and its charges, and the sum of what its deals and what remains of it cost, at any moment', () => {
    fc.assert(
      fc.property(life, ({ opening, parts }) => {
        const harness = new TrackerHarness();
        harness.balance('10000');
        let number = 1;
        let standing = openPosition({ position: '1', volumeLots: '1', ...opening });
        harness.see(standing);
        let costs = opening;
        const charges: Decimal[] = [];
        for (const [index, { share, charge, chargeFirst, renumbers, dealFirst }] of parts.entries()) {
          const { position, volumeLots } = standing;
          costs = { ...costs, swap: add(costs.swap, charge) };
          if (chargeFirst) {
            standing = { ...standing, swap: add(standing.swap, charge) };
            harness.see(standing);
          }
          if (renumbers) number += 1;
          standing = {
            ...standing,
            position: String(number),
            origin: renumbers ? position : standing.origin,
            volumeLots: subtract(volumeLots, '0.1'),
            commission: subtract(standing.commission, share.commission),
            swap: subtract(add(standing.swap, chargeFirst ? '0' : charge), share.swap),
          };
          const part = deal({ position, deal: `d${index}`, request: `r${index}`, volumeLots: '0.1', ...share });
          const gone = renumbers ? [positionGone(position)] : [];
          if (dealFirst) harness.see(...gone, part, standing);
          else harness.see(...gone, standing, part);
          harness.wait(10_000);
          const known = harness.tracker.book.positions[String(number)];
          expect(known).toMatchObject({ volumeLots: standing.volumeLots, swap: standing.swap });
          expect(add(told(harness, 'commission'), known?.commission ?? '0')).toBe(costs.commission);
          expect(add(told(harness, 'swap'), known?.swap ?? '0')).toBe(costs.swap);
          charges.push(...(charge === '0' ? [] : [charge]));
          expect(
            harness.told.flatMap((fact) => (fact.type === 'PositionSwapCharged' ? [fact.data.delta] : [])),
          ).toEqual(charges);
        }
        const { position, volumeLots, commission, swap } = standing;
        harness.see(positionGone(position), deal({ position, deal: 'last', volumeLots, commission, swap }));
        harness.wait(10_000);
        expect(told(harness, 'commission')).toBe(costs.commission);
        expect(told(harness, 'swap')).toBe(costs.swap);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a trailing stop that somebody else set', () => {
  it('is told with the opening of a position, so that the next look at it finds nothing', () => {
    const harness = new TrackerHarness();
    harness.balance('10000');
    const trailed = openPosition({ trailingPoints: 50 });
    harness.see(trailed);
    expect(harness.last('PositionOpened').data.trailingPoints).toBe(50);
    harness.ms += 5_000;
    expect(harness.read({ standing: [trailed] })).toMatchObject({ facts: [], drifts: [] });
  });

  it('is told of an order, at first and when it changes, and stands in the book that amendments are sent from', () => {
    const harness = new TrackerHarness();
    harness.see(pending({ trailingPoints: 50 }));
    expect(harness.tracker.book.orders['500000200']?.trailingPoints).toBe(50);
    harness.ms += 5_000;
    expect(harness.see(pending({ trailingPoints: 60 }))).toEqual(['OrderAmended']);
    expect(harness.tracker.book.orders['500000200']?.trailingPoints).toBe(60);
  });
});
