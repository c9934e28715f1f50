/** Calls that come while the work is under way share it: nobody does it twice at once. */
export class SingleFlight<Value = void> {
  private flight: Promise<Value> | null = null;

  get isUnderway(): boolean {
    return this.flight !== null;
  }

  /** What is under way gives, or else what `work` comes to; when it has ended, however, the next call begins anew. */
  run(work: () => Promise<Value>): Promise<Value> {
    return (this.flight ??= work().finally(() => (this.flight = null)));
  }

  /** Resolves when nothing is under way, whatever became of it. */
  async idle(): Promise<void> {
    await this.flight?.catch(() => undefined);
  }
}

/** The same for each key on its own. */
export class SingleFlights<Key, Value = void> {
  private readonly flights = new Map<Key, Promise<Value>>();

  has(key: Key): boolean {
    return this.flights.has(key);
  }

  run(key: Key, work: () => Promise<Value>): Promise<Value> {
    const known = this.flights.get(key);
    if (known) return known;
    const flight = work().finally(() => this.flights.delete(key));
    this.flights.set(key, flight);
    return flight;
  }

  async idle(): Promise<void> {
    await Promise.allSettled(this.flights.values());
  }
}
