/**
 * Asks again, in time, for what is believed for a while and asked for all the time, so that nobody waits for the answer
 * and an end is heard sooner. A failure is left to whoever asks when the time is over.
 */
export class AskedAhead<Key> {
  private readonly asking = new Set<Key>();

  /** `lifetimeMs` is how long an answer is believed: it is asked for again in the second half. */
  constructor(private readonly lifetimeMs: number) {}

  /** `askedMs`, by the steady clock, is when the answer that is believed was asked for. */
  ask(key: Key, askedMs: number, work: () => Promise<unknown>): void {
    if (performance.now() - askedMs < this.lifetimeMs / 2 || this.asking.has(key)) return;
    this.asking.add(key);
    const done = (): void => void this.asking.delete(key);
    work().then(done, done);
  }
}
