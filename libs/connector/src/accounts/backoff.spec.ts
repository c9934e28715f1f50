import { Backoff } from './backoff.ts';

describe('waits between sessions', () => {
  it('double up to a limit, a random part of each, and begin again after a good session', () => {
    const backoff = new Backoff({ minMs: 1_000, maxMs: 5_000 });
    expect([1, 1, 1, 1, 0.5, 0].map((random) => backoff.next(random))).toEqual([1_000, 2_000, 4_000, 5_000, 2_500, 0]);
    backoff.reset();
    expect(backoff.next(1)).toBe(1_000);
  });
});
