import fc from 'fast-check';
import { SeenIds } from './seen-ids.ts';

describe('seen ids', () => {
  it('denies none that was added, however many were', () => {
    const someIds = fc.array(fc.uuid(), { maxLength: 200 });
    fc.assert(
      fc.property(someIds, fc.integer({ min: 1, max: 64 }), (ids, bytes) => {
        const seen = new SeenIds(bytes);
        for (const id of ids) seen.add(id);
        expect(ids.filter((id) => !seen.mayHave(id))).toEqual([]);
      }),
    );
  });

  it('denies nearly all others while it has room for them', () => {
    const seen = new SeenIds(1_024);
    const idOf = (n: number) => fc.sample(fc.uuid(), { numRuns: n, seed: 1 });
    const [added, others] = [idOf(1_000).slice(0, 500), idOf(1_000).slice(500)];
    for (const id of added) seen.add(id);
    expect(others.filter((id) => seen.mayHave(id)).length).toBeLessThan(25);
  });
});
