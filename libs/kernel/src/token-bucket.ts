/** So many at once, and so many a second on average. `now` is milliseconds of any clock that only grows. */
export class TokenBucket {
  private tokens: number;

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private at: number,
  ) {
    this.tokens = burst;
  }

  /** Whether one more is within the limit; it is counted if it is. */
  take(now: number): boolean {
    this.tokens = this.left(now);
    this.at = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** How many could be taken at once. */
  left(now: number): number {
    return Math.min(this.burst, this.tokens + ((now - this.at) / 1_000) * this.perSecond);
  }
}

/** A bucket per key, such as an address. Full ones are forgotten, so that strangers do not pile up. */
export class TokenBuckets {
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    /** Beyond this many keys at once, new ones get nothing. */
    private readonly keysMax: number = 10_000,
  ) {}

  take(key: string, now: number): boolean {
    let bucket = this.buckets.get(key);
    if (!bucket) {
      if (this.buckets.size >= this.keysMax) this.forget(now);
      if (this.buckets.size >= this.keysMax) return false;
      bucket = new TokenBucket(this.perSecond, this.burst, now);
      this.buckets.set(key, bucket);
    }
    return bucket.take(now);
  }

  private forget(now: number): void {
    for (const [key, bucket] of this.buckets) if (bucket.left(now) >= this.burst) this.buckets.delete(key);
  }
}
