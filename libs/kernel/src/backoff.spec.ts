import { backoffMs } from './backoff.ts';

describe('backoffMs', () => {
  it('doubles from the first pause to the longest', () => {
    const limits = { minMs: 100, maxMs: 1_000 };
    expect([1, 2, 3, 4, 5, 2_000].map((failures) => backoffMs(limits, failures))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ]);
  });
});
