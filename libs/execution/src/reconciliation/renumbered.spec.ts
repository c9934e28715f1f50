import type { Decimal } from '@core/contracts/primitives';
import { fromNumber, sum } from '@core/kernel/decimal';
import { instantFromMs } from '@core/kernel/instant';
import { present } from '@core/kernel/present';
import fc from 'fast-check';
import { DAY_MS, deal, openPosition, TrackerHarness } from '../account-tracker.fixture.ts';

const lots = (hundredths: number): Decimal => fromNumber(hundredths / 100);

/** Parts that a position of one lot is closed in, at a broker that numbers the rest anew each time. */
const closings = fc.record({
  parts: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 7 }),
  isWhole: fc.boolean(),
  /** How many of them were heard of as they happened. */
  heard: fc.nat({ max: 3 }),
  originIsClose: fc.boolean(),
  sameMoment: fc.boolean(),
});

type Closings = typeof closings extends fc.Arbitrary<infer Value> ? Value : never;

function brokerOf({ parts, isWhole, originIsClose, sameMoment }: Omit<Closings, 'heard'>) {
  const closed = isWhole ? [...parts, 100 - parts.reduce((one, other) => one + other, 0)] : parts;
  const deals = closed.map((volume, index) =>
    deal({
      ...{ deal: `d${index}`, position: `p${index}`, request: `r${index}`, volumeLots: lots(volume) },
      ...{ profit: lots(volume), commission: lots(-volume), openedAt: instantFromMs(DAY_MS + 50) },
      closedAt: instantFromMs(DAY_MS + 60_000 + (sameMoment ? 0 : 1_000 * index)),
    }),
  );
  /** What stands after so many of them. */
  const restAfter = (many: number) => {
    const left = 100 - closed.slice(0, many).reduce((one, other) => one + other, 0);
    const origin = originIsClose ? `r${many - 1}` : `p${many - 1}`;
    return left === 0
      ? []
      : [openPosition({ position: `p${many}`, origin, volumeLots: lots(left), commission: lots(-left) })];
  };
  return { deals, restAfter };
}

describe('a position that was closed in part, and numbered anew each time, while nobody listened', () => {
  it('is one position with all its deals, however often it was and whatever is left', () => {
    fc.assert(
      fc.property(closings, (life) => {
        const { deals, restAfter } = brokerOf(life);
        const harness = new TrackerHarness();
        harness.balance('10000');
        harness.see(...restAfter(0).map((position) => ({ ...position, origin: '500000100' })));
        const heard = Math.min(life.heard, deals.length - 1);
        for (let many = 1; many <= heard; many += 1) {
          harness.see({ about: 'position-gone', position: `p${many - 1}` }, present(deals[many - 1], 'one each'));
          harness.see(...restAfter(many));
        }
        harness.ms += 10_000;
        const broker = { standing: restAfter(deals.length), history: deals };
        for (let look = 0; look < 3; look += 1) {
          harness.read(broker);
          harness.ms += 6_000;
        }
        const told = harness.told.flatMap(({ type, data }) =>
          type === 'PositionReduced' || type === 'PositionClosed' ? [data] : [],
        );
        expect(told.map((each) => each.deal)).toEqual(deals.map((each) => each.deal));
        expect(new Set(told.map(({ positionId }) => positionId)).size).toBe(1);
        expect(sum(told.map(({ profit }) => profit))).toBe(sum(deals.map(({ profit }) => profit)));
        expect(harness.told.filter(({ type }) => type === 'PositionOpened')).toHaveLength(1);
        expect(harness.told.filter(({ type }) => type === 'PositionClosed')).toHaveLength(life.isWhole ? 1 : 0);
        const { positions } = harness.tracker.book;
        expect(Object.entries(positions).map(([number, { volumeLots }]) => [number, volumeLots])).toEqual(
          broker.standing.map(({ position, volumeLots }) => [position, volumeLots]),
        );
        expect(harness.read(broker)).toMatchObject({ facts: [], drifts: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('that opened meanwhile too is one position, with all its deals and costs', () => {
    fc.assert(
      fc.property(closings, (life) => {
        const { deals, restAfter } = brokerOf({ ...life, isWhole: false });
        const harness = new TrackerHarness();
        harness.balance('10000');
        harness.ms += 10_000;
        const broker = { standing: restAfter(deals.length), history: deals };
        harness.read(broker);
        const told = harness.told.flatMap((fact) => (fact.type === 'PositionReduced' ? [fact.data.deal] : []));
        expect(told).toEqual(deals.map((each) => each.deal));
        expect(harness.told.filter(({ type }) => type === 'PositionOpened')).toHaveLength(1);
        expect(harness.last('PositionOpened').data).toMatchObject({ volumeLots: '1', commission: '-1' });
        const { position, volumeLots } = present(broker.standing[0], 'a rest');
        expect(harness.tracker.book.positions[position]).toMatchObject({ volumeLots });
        harness.ms += 6_000;
        expect(harness.read(broker)).toMatchObject({ facts: [], drifts: [] });
      }),
      { numRuns: 200 },
    );
  });

  it('is not confused with another that opened at another moment or price', () => {
    const harness = new TrackerHarness();
    harness.balance('10000');
    const [known] = brokerOf({ parts: [10], isWhole: false, originIsClose: false, sameMoment: false }).restAfter(0);
    const { deals, restAfter } = brokerOf({ parts: [10, 20], isWhole: false, originIsClose: false, sameMoment: false });
    harness.see({ ...present(known, 'it stands'), origin: '500000100' });
    harness.ms += 10_000;
    const other = deal({
      position: 'other',
      deal: 'other',
      volumeLots: '0.9',
      openedAt: instantFromMs(DAY_MS + 5_000),
    });
    const odd = deal({ position: 'odd', deal: 'odd', volumeLots: '0.9', openPrice: '1.09655' });
    harness.read({ standing: restAfter(2), history: [...deals, other, odd] });
    const reduced = harness.told.flatMap((fact) => (fact.type === 'PositionReduced' ? [fact.data.deal] : []));
    expect(reduced).toEqual(['d0', 'd1']);
    expect(harness.told.filter(({ type }) => type === 'PositionOpened')).toHaveLength(3);
  });
});
