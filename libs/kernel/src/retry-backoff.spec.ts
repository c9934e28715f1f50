import { RetryBackoff } from './retry-backoff.ts';

describe('pauses between attempts', () => {
  it('double between equal attempts, up to the longest', () => {
    const backoff = new RetryBackoff(10, 35);
    const tried = Array.from({ length: 150 }, (_, now) => now).filter((now) => backoff.mayTry('a', 'settle', now));
    expect(tried).toEqual([0, 10, 30, 65, 100, 135]);
  });

  it('begin anew for another attempt, another thing, and what was forgotten', () => {
    const backoff = new RetryBackoff(10, 35);
    expect(backoff.mayTry('a', 'continue', 0)).toBe(true);
    expect(backoff.mayTry('a', 'settle', 1)).toBe(true);
    expect(backoff.mayTry('a', 'settle', 2)).toBe(false);
    expect(backoff.mayTry('b', 'settle', 2)).toBe(true);
    backoff.forget('a');
    expect(backoff.mayTry('a', 'settle', 3)).toBe(true);
  });

  it('are forgotten of the thing tried longest ago when there are too many, never of all at once', () => {
    const backoff = new RetryBackoff(10, 35);
    for (let key = 0; key <= 10_000; key += 1) backoff.mayTry(`${key}`, 'settle', 0);
    expect(['10000', '2', '0'].map((key) => backoff.mayTry(key, 'settle', 1))).toEqual([false, false, true]);
  });
});
