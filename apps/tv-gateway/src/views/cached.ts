export interface Made<Value> {
  readonly value: Value;
  /** In milliseconds; from then on it is stale though nothing has changed. */
  readonly until: number;
  /** Whether it is another where the prices are. */
  readonly isPriced: boolean;
}

/** What is made anew only when what it was made from has changed. */
export class Cached<Value> {
  private version = -1;
  private prices = -1;
  private made: Made<Value> | null = null;

  /** `version` is another after each event of the account, `prices` the market as it is now: asked of what was made of it alone. */
  get(version: number, prices: () => number, nowMs: number, make: () => Made<Value>): Value {
    const { made } = this;
    const isOld = made === null || version !== this.version || nowMs >= made.until;
    if (!isOld && (!made.isPriced || prices() === this.prices)) return made.value;
    const anew = make();
    this.version = version;
    this.prices = prices();
    this.made = anew;
    return anew.value;
  }
}
