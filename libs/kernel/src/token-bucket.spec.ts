import { TokenBucket, TokenBuckets } from './token-bucket.ts';

const takes = (bucket: { take(now: number): boolean }, count: number, now: number): number =>
  Array.from({ length: count }, () => bucket.take(now)).filter(Boolean).length;

describe('a bucket', () => {
  it('gives its burst at once, then as many as time brings', () => {
    const bucket = new TokenBucket(10, 20, 0);
    expect(takes(bucket, 30, 0)).toBe(20);
    expect(takes(bucket, 30, 500)).toBe(5);
    expect(takes(bucket, 30, 500)).toBe(0);
  });

  it('never saves up more than its burst', () => {
    const bucket = new TokenBucket(10, 20, 0);
    expect(takes(bucket, 30, 3_600_000)).toBe(20);
  });

  it('does not charge for what it refused', () => {
    const bucket = new TokenBucket(1, 1, 0);
    expect(takes(bucket, 1_000, 0)).toBe(1);
    expect(bucket.take(1_000)).toBe(true);
  });
});

describe('buckets', () => {
  it('are one for each key', () => {
    const buckets = new TokenBuckets(1, 2);
    expect([1, 2, 3].map(() => buckets.take('a', 0))).toEqual([true, true, false]);
    expect(buckets.take('b', 0)).toBe(true);
  });

  it('stay few: who recovered makes room, and without room nobody new gets any', () => {
    const buckets = new TokenBuckets(1, 1, 2);
    expect([buckets.take('a', 0), buckets.take('b', 500), buckets.take('c', 500)]).toEqual([true, true, false]);
    expect(buckets.take('c', 1_000)).toBe(true);
    expect(buckets.take('d', 1_000)).toBe(false);
  });
});
