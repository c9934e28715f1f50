import fc from 'fast-check';
import type { Report } from './report.ts';
import {
  deal,
  TrackerHarness,
  pending,
  pendingGone,
  openPosition,
  positionGone,
  triggered,
} from './account-tracker.fixture.ts';

describe('any report, any order, any number of times', () => {
  const closing = deal({ stopLoss: '1.09', reason: 'stop-loss' });
  const partial = deal({ deal: '73000009', position: '500000311', volumeLots: '0.3' });
  const story: readonly Report[] = [
    openPosition(),
    openPosition({ stopLoss: '1.09' }),
    positionGone(),
    closing,
    pending(),
    pending({ price: '1.11' }),
    pendingGone(),
    triggered({ volumeLots: '1' }),
    partial,
    triggered({ volumeLots: '0.7' }),
  ];
  const shuffled = fc.shuffledSubarray([...story, ...story.map((report) => ({ ...report }))], { minLength: 1 });

  it('never tells a fact twice, and never closes what it did not open', () => {
    fc.assert(
      fc.property(shuffled, (reports) => {
        const harness = new TrackerHarness();
        harness.see(...reports);
        harness.wait(3_000);
        harness.ms += 2_000;
        harness.read({ standing: [triggered({ volumeLots: '0.7' })], history: [closing, partial] });
        harness.ms += 6_000;
        harness.read({ standing: [triggered({ volumeLots: '0.7' })], history: [closing, partial] });
        const ids = harness.told.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 100 },
    );
  });

  it('ends where the broker is, once it was asked twice', () => {
    fc.assert(
      fc.property(shuffled, (reports) => {
        const harness = new TrackerHarness();
        const broker = { standing: [triggered({ volumeLots: '0.7' })], history: [closing, partial] };
        harness.see(...reports);
        for (const pause of [3_000, 6_000, 6_000, 6_000]) {
          harness.wait(pause);
          harness.read(broker);
        }
        const { positions, orders } = harness.tracker.book;
        expect(Object.entries(positions).map(([number, { volumeLots }]) => [number, volumeLots])).toEqual([
          ['500000311', '0.7'],
        ]);
        expect(orders).toEqual({});
        expect(harness.read(broker).drifts).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
