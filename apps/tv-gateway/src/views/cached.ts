/** For what does not depend on the other version. */
export const STILL = 0;

/** What is made anew only when what it was made from has changed. */
export class Cached<Value> {
  private version = -1;
  private prices = -1;
  private until = 0;
  private value: Value | null = null;

  /**
   * `version` names the account's last event, `prices` the market it was made from, `STILL` where it was made of neither;
   * from `until` on, in milliseconds, it is stale without either.
   */
  get(version: number, prices: number, nowMs: number, make: () => { value: Value; until: number }): Value {
    const { value } = this;
    if (value !== null && version === this.version && prices === this.prices && nowMs < this.until) return value;
    const made = make();
    this.version = version;
    this.prices = prices;
    this.until = made.until;
    return (this.value = made.value);
  }
}
