/** So many at once, and so many a second on average. Times are milliseconds of any steady clock. */
export class TokenBucket {
  private tokens: number;

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private at: number,
  ) {
    this.tokens = burst;
  }

  /** Whether one more is within the limit at `now`; it is counted if it is. */
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

/** A bucket per key, such as an address. What has recovered is forgotten, so that strangers do not pile up. */
export class TokenBuckets {
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(
    private readonly perMinute: number,
    private readonly keysMax: number = 10_000,
  ) {}

  take(key: string, now: number): boolean {
    let bucket = this.buckets.get(key);
    if (!bucket) {
      if (this.buckets.size >= this.keysMax) this.forget(now);
      if (this.buckets.size >= this.keysMax) return false;
      bucket = new TokenBucket(this.perMinute / 60, this.perMinute, now);
      this.buckets.set(key, bucket);
    }
    return bucket.take(now);
  }

  /** Whether `take` would say no; nothing is counted. */
  isEmpty(key: string, now: number): boolean {
    const bucket = this.buckets.get(key);
    return bucket !== undefined && bucket.left(now) < 1;
  }

  private forget(now: number): void {
    for (const [key, bucket] of this.buckets) if (bucket.left(now) >= this.perMinute) this.buckets.delete(key);
  }
}
