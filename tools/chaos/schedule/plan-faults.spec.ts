import fc from 'fast-check';
import { FAULT_KINDS, FAULT_NAMES } from './fault-kinds.ts';
import { planFaults } from './plan-faults.ts';

const anyPlan = fc.record({
  seed: fc.nat(),
  seconds: fc.integer({ min: 1, max: 300 }),
  kinds: fc.subarray([...FAULT_NAMES], { minLength: 1 }),
});

describe('a plan of faults', () => {
  it('is the same for the same seed', () => {
    fc.assert(fc.property(anyPlan, (plan) => expect(planFaults(plan)).toEqual(planFaults({ ...plan }))));
  });

  it('is another for another seed', () => {
    const plans = [1, 2, 3, 4].map((seed) => JSON.stringify(planFaults({ seed, seconds: 40, kinds: FAULT_NAMES })));
    expect(new Set(plans).size).toBe(4);
  });

  it('has every kind that was asked for, and no other', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        expect(new Set(planFaults(plan).map(({ kind }) => kind))).toEqual(new Set(plan.kinds));
      }),
    );
  });

  it('comes to every target of a kind before it comes to one again', () => {
    const kinds = ['kill'] as const;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { targets } = FAULT_KINDS.kill;
        const told = planFaults({ seed, seconds: 60, kinds }).slice(0, targets.length);
        expect(new Set(told.map(({ target }) => target))).toEqual(new Set(targets));
      }),
    );
  });

  it('begins each fault in its time, in order, and lets none last longer than its kind does', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const faults = planFaults(plan);
        const times = faults.map(({ atMs }) => atMs);
        expect(times).toEqual(times.toSorted((one, other) => one - other));
        expect(Math.max(...times)).toBeLessThan(plan.seconds * 1_000);
        for (const { kind, forMs } of faults) {
          expect(forMs).toBeGreaterThanOrEqual(FAULT_KINDS[kind].forMs[0]);
          expect(forMs).toBeLessThanOrEqual(FAULT_KINDS[kind].forMs[1]);
        }
      }),
    );
  });
});
