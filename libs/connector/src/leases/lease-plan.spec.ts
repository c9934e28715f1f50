import { exampleId } from '@core/contracts/examples.fixture';
import type { AccountId } from '@core/contracts/primitives';
import fc from 'fast-check';
import { planLeases } from './lease-plan.ts';

const accounts = Array.from({ length: 20 }, (_, n) => exampleId(n + 1));

describe('sharing accounts out', () => {
  it('takes all that is free, alone', () => {
    const plan = planLeases({ accounts, held: new Set(), mine: [], instances: 1, max: 100 });
    expect(plan).toEqual({ take: accounts, give: [] });
  });

  it('takes no more than it may', () => {
    const plan = planLeases({ accounts, held: new Set(), mine: [], instances: 1, max: 3 });
    expect(plan.take).toHaveLength(3);
  });

  it('gives up what is beyond its share for one who joined, and what is wanted no more', () => {
    const gone = exampleId(0xdead);
    const plan = planLeases({ accounts, held: new Set(accounts), mine: [gone, ...accounts], instances: 2, max: 100 });
    expect(plan.give).toEqual([gone, ...accounts.slice(10)]);
    expect(plan.take).toEqual([]);
  });

  it('comes to rest with every account held once and nobody beyond the share, whoever had what', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 20 }),
        (instances, owners) => {
          const mine: AccountId[][] = Array.from({ length: instances }, () => []);
          owners.forEach((owner, index) => mine[owner % instances]?.push(accounts[index] ?? ''));
          for (let round = 0; round < 10; round += 1) {
            for (const [instance, own] of mine.entries()) {
              const held = new Set(mine.flat());
              const { take, give } = planLeases({ accounts, held, mine: own, instances, max: 100 });
              mine[instance] = [...own.filter((account) => !give.includes(account)), ...take];
            }
          }
          expect(mine.flat().sort()).toEqual([...accounts].sort());
          for (const own of mine) expect(own.length).toBeLessThanOrEqual(Math.ceil(accounts.length / instances));
        },
      ),
    );
  });

  it('is done after one round, whatever keys and instances strangers put beside it', () => {
    const anyKey = fc.oneof(fc.string(), fc.constantFrom(...accounts, '', '__proto__', 'constructor'));
    fc.assert(
      fc.property(fc.array(anyKey), fc.nat(), fc.subarray(accounts), (strangers, instances, mine) => {
        const plan = (own: readonly AccountId[]) =>
          planLeases({ accounts, held: new Set([...strangers, ...own]), mine: own, instances, max: 100 });
        const { take, give } = plan(mine);
        const next = [...mine.filter((account) => !give.includes(account)), ...take];
        expect(plan(next)).toEqual({ take: [], give: [] });
      }),
    );
  });
});
