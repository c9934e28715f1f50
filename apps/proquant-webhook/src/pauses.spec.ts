import { Pauses } from './pauses.ts';

describe('pauses', () => {
  it('double between equal attempts, up to the longest', () => {
    const pauses = new Pauses(10, 35);
    const tried = Array.from({ length: 150 }, (_, now) => now).filter((now) => pauses.mayTry('a', 'settle', now));
    expect(tried).toEqual([0, 10, 30, 65, 100, 135]);
  });

  it('begin anew for another attempt, another thing, and what was forgotten', () => {
    const pauses = new Pauses(10, 35);
    expect(pauses.mayTry('a', 'continue', 0)).toBe(true);
    expect(pauses.mayTry('a', 'settle', 1)).toBe(true);
    expect(pauses.mayTry('a', 'settle', 2)).toBe(false);
    expect(pauses.mayTry('b', 'settle', 2)).toBe(true);
    pauses.forget('a');
    expect(pauses.mayTry('a', 'settle', 3)).toBe(true);
  });
});
