/**
 * A map of at most `max` keys: what strangers or long lives put in does not fill the memory. Setting a key makes it the
 * youngest; beyond the bound the oldest is forgotten. Reading changes nothing: whoever wants the unused forgotten first
 * sets again what was used.
 *
 * This is the one policy for what may be forgotten. Two things look alike and are not this: `TokenBuckets` refuses new
 * keys instead, because a forgotten bucket would be a full one, and `domain/recent` is state of an aggregate, plain JSON.
 */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  /** `forgotten` hears of what had to go for something younger. */
  constructor(
    private readonly max: number,
    private readonly forgotten: (value: Value) => void = () => undefined,
  ) {
    super();
  }

  override set(key: Key, value: Value): this {
    this.delete(key);
    super.set(key, value);
    if (this.size > this.max) this.forgetOldest();
    return this;
  }

  private forgetOldest(): void {
    for (const [oldest, value] of this) {
      this.delete(oldest);
      this.forgotten(value);
      return;
    }
  }
}
