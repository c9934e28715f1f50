import fc from 'fast-check';
import { AgreedTime, JUMP_MS } from './agreed-time.ts';

/** Three clocks that say `wall` at the beginning, and what each says later. */
function agreedOn(...names: readonly string[]): AgreedTime {
  const time = new AgreedTime();
  for (const name of names) time.hear(name, 1_000_000, 0);
  return time;
}

describe('the time that clocks agree on', () => {
  it('is what they say, and goes on by the clock that only goes forward', () => {
    const time = agreedOn('machine', 'postgres', 'bus');
    expect(time.at(0)).toBe(1_000_000);
    expect(time.at(250)).toBe(1_000_250);
  });

  it('is moved by no single clock, however far and however often it jumps', () => {
    const jumps = fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 20 });
    const clock = fc.constantFrom('machine', 'postgres', 'bus');
    fc.assert(
      fc.property(clock, fc.constantFrom(2, 3), jumps, (liar, clocks, leaps) => {
        const time = agreedOn(...['machine', 'postgres', 'bus'].filter((name) => name === liar || clocks === 3));
        if (clocks === 2) time.hear('other', 1_000_000, 0);
        for (const [steps, leap] of leaps.entries()) {
          expect(time.hear(liar, 1_000_000 + leap, steps)).toBeNull();
          expect(time.at(steps)).toBe(1_000_000 + steps);
          expect(time.ahead(liar)).toBe(leap - steps);
        }
      }),
    );
  });

  it('follows where most of them go, says by how far, and comes back with them', () => {
    const time = agreedOn('machine', 'postgres', 'bus');
    expect(time.hear('machine', 1_600_000, 0)).toBeNull();
    expect(time.hear('postgres', 1_600_000, 0)).toBe(600_000);
    expect(time.at(0)).toBe(1_600_000);
    expect(time.hear('machine', 1_000_000, 0)).toBe(-600_000);
  });

  it('does not take being set right by little for a jump', () => {
    const time = agreedOn('machine');
    expect(time.hear('machine', 1_000_000 + JUMP_MS, 0)).toBeNull();
    expect(time.at(0)).toBe(1_000_000 + JUMP_MS);
  });
});
