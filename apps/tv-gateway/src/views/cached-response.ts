/** An answer as it goes out, made anew only when what it was made from has changed. */
export class CachedResponse {
  private version = -1;
  private prices = -1;
  private until = 0;
  private body: Buffer = Buffer.alloc(0);

  /**
   * `version` names the account's last event, `prices` the market it was made from (any constant where none was);
   * from `until` on, in milliseconds, it is stale without either.
   */
  get(version: number, prices: number, nowMs: number, make: () => { json: string; until: number }): Buffer {
    if (version !== this.version || prices !== this.prices || nowMs >= this.until) {
      const { json, until } = make();
      this.version = version;
      this.prices = prices;
      this.until = until;
      this.body = Buffer.from(json);
    }
    return this.body;
  }
}
