interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Work that costs about the same for one as for many: what comes in the same turn of the event loop goes together, and
 * what comes while some is under way goes with the next. Nobody waits for a timer, and things are done in the order in
 * which they came.
 */
export class Together<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private isUnderway = false;

  /**
   * `work` gives a result for each item, in their order, and gets `max` of them at most. Where `keyOf` tells items apart
   * it gets none twice: the second waits for the next time.
   */
  constructor(
    private readonly work: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly max: number,
    private readonly keyOf: (item: Item) => unknown = () => Symbol(),
  ) {}

  /** What becomes of an item; a failure is that of all who went together, and of nobody else. */
  run(item: Item): Promise<Result> {
    const result = new Promise<Result>((resolve, reject) => this.waiting.push({ item, resolve, reject }));
    if (!this.isUnderway) this.begin();
    return result;
  }

  /** After all that has come to this process by now has been heard. */
  private begin(): void {
    this.isUnderway = true;
    setImmediate(() => this.goOn());
  }

  private goOn(): void {
    const more = (): void => {
      if (this.waiting.length > 0) this.begin();
      else this.isUnderway = false;
    };
    this.workOn(this.next()).then(more, more);
  }

  private async workOn(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.work(group.map(({ item }) => item));
      group.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  private next(): readonly Waiting<Item, Result>[] {
    const keys = new Set<unknown>();
    for (const { item } of this.waiting) {
      const key = this.keyOf(item);
      if (keys.size === this.max || keys.has(key)) break;
      keys.add(key);
    }
    return this.waiting.splice(0, keys.size);
  }
}
