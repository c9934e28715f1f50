import fc from 'fast-check';
import { WaitingLine, YIELDS_MS, type Priority } from './waiting-line.ts';

interface Coming {
  readonly priority: Priority;
  readonly atMs: number;
}
interface Served extends Coming {
  /** Who stood in line when it came. */
  readonly before: number;
  readonly turnMs: number;
}

const TURN_MS = 250;

/** One turn after the other while anybody waits. */
function serve(coming: readonly Coming[]): Served[] {
  const line = new WaitingLine<Coming & { before: number }>();
  const served: Served[] = [];
  const ahead = [...coming];
  for (let nowMs = 0; ahead.length > 0 || line.length > 0;) {
    for (let first = ahead[0]; first && first.atMs <= nowMs; first = ahead[0]) {
      line.add(first.priority, { ...first, before: line.length }, first.atMs);
      ahead.shift();
    }
    const next = line.next();
    if (next) served.push({ ...next, turnMs: nowMs });
    nowMs = next ? nowMs + TURN_MS : (ahead[0]?.atMs ?? nowMs);
  }
  return served;
}

const priority = fc.constantFrom(...(Object.keys(YIELDS_MS) as Priority[]));
const arrivals = fc
  .array(fc.record({ priority, gapMs: fc.oneof(fc.constant(0), fc.nat(1_000)) }), { minLength: 1, maxLength: 150 })
  .map((comings) => {
    let atMs = 0;
    return comings.map(({ priority, gapMs }): Coming => ({ priority, atMs: (atMs += gapMs) }));
  });

describe('who is next', () => {
  it('is never one that came later than the other yields, and of equals always who came first', () => {
    fc.assert(
      fc.property(arrivals, (coming) => {
        const served = serve(coming);
        expect(served).toHaveLength(coming.length);
        for (const [turn, earlier] of served.entries())
          for (const later of served.slice(turn + 1))
            if (later.atMs < earlier.atMs)
              expect(earlier.atMs - later.atMs).toBeLessThan(
                YIELDS_MS[later.priority] - YIELDS_MS[earlier.priority] + 1,
              );
      }),
    );
  });

  it('waits for no more than stood before it and came while it yielded, whatever comes afterwards', () => {
    fc.assert(
      fc.property(arrivals, (coming) => {
        for (const { atMs, priority, before, turnMs } of serve(coming)) {
          const until = atMs + YIELDS_MS[priority];
          const meanwhile = coming.filter((each) => each.atMs >= atMs && each.atMs <= until).length;
          expect(turnMs - atMs).toBeLessThanOrEqual((before + meanwhile) * TURN_MS);
        }
      }),
    );
  });

  it('is a close or a change of a stop loss before all else that comes with it', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.keys(YIELDS_MS) as Priority[], { minLength: 2 }), (priorities) => {
        const served = serve(priorities.map((each) => ({ priority: each, atMs: 0 })));
        const yields = served.map((each) => YIELDS_MS[each.priority]);
        expect(yields).toEqual(yields.toSorted((one, other) => one - other));
      }),
    );
  });

  it('has its turn while more comes for ever than there are turns', () => {
    const crowd = Array.from({ length: 400 }, (_, n): Coming => ({
      priority: n % 2 ? 'close' : 'order',
      atMs: n * 200,
    }));
    const asked: Coming[] = [
      { priority: 'settle', atMs: 20_000 },
      { priority: 'amend', atMs: 20_000 },
    ];
    const served = serve([...crowd, ...asked].sort((one, other) => one.atMs - other.atMs));
    const waited = (of: Priority) =>
      served
        .filter(({ priority }) => priority === of)
        .map(({ turnMs, atMs, before }) => turnMs - atMs - before * TURN_MS);
    expect(Math.max(...waited('amend'))).toBeLessThanOrEqual(TURN_MS);
    expect(Math.max(...waited('settle'))).toBeLessThanOrEqual(YIELDS_MS.settle * (TURN_MS / 200) + TURN_MS);
  });
});
