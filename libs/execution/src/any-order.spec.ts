import fc from 'fast-check';
import {
  deal,
  TrackerHarness,
  pending,
  pendingGone,
  position,
  positionGone,
  triggered,
  type WireTrade,
} from './account-tracker.fixture.ts';

describe('any record, any order, any number of times', () => {
  const story: readonly WireTrade[] = [
    position(),
    position({ sl: 1.09 }),
    positionGone({ sl: 1.09 }),
    deal({ sl: 1.09, comment: '[S/L]' }),
    pending(),
    pending({ open_price: 1.11 }),
    pendingGone({ open_price: 1.11 }),
    triggered({ volume: 1 }),
    deal({ order: 73000009, position: 500000311, volume: 0.3 }),
    triggered({ volume: 0.7 }),
  ];
  const shuffled = fc.shuffledSubarray([...story, ...story.map((record) => ({ ...record }))], { minLength: 1 });

  it('never tells a fact twice, and never closes what it did not open', () => {
    fc.assert(
      fc.property(shuffled, (records) => {
        const kit = new TrackerHarness();
        kit.see(...records);
        kit.wait(3_000);
        kit.ms += 2_000;
        kit.read({ standing: [triggered({ volume: 0.7 })], history: [story[3]!, story[8]!] });
        kit.ms += 6_000;
        kit.read({ standing: [triggered({ volume: 0.7 })], history: [story[3]!, story[8]!] });
        const ids = kit.told.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 100 },
    );
  });

  it('ends where the broker is, once it was asked twice', () => {
    fc.assert(
      fc.property(shuffled, (records) => {
        const kit = new TrackerHarness();
        const broker = { standing: [triggered({ volume: 0.7 })], history: [story[3]!, story[8]!] };
        kit.see(...records);
        for (const pause of [3_000, 6_000, 6_000, 6_000]) {
          kit.wait(pause);
          kit.read(broker);
        }
        const { positions, orders } = kit.desk.book;
        expect(Object.entries(positions).map(([number, { volumeLots }]) => [number, volumeLots])).toEqual([
          ['500000311', '0.7'],
        ]);
        expect(orders).toEqual({});
        expect(kit.read(broker).drifts).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
