/**
 * What waits for a turn, in the order in which it is due where all come at once: getting out of the market and
 * protecting what stands in it, then getting into it, then finding out what became of something, then asking; charts come
 * last.
 */
const PRIORITIES = ['close', 'amend', 'order', 'settle', 'query', 'ping', 'market'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** For how long each lets what is more urgent go before it. Whoever has waited for longer is overtaken no more. */
export const YIELDS_MS: Readonly<Record<Priority, number>> = {
  close: 0,
  amend: 0,
  order: 500,
  settle: 1_500,
  query: 3_000,
  ping: 5_000,
  market: 15_000,
};

/**
 * Who is next: the one whose moment comes first, which is when it came and for how long it yields. So nobody waits for
 * more than stood before it and what came while it yielded, whatever comes afterwards.
 */
export class WaitingLine<Item> {
  /** Each in the order in which it came, so that the first is the one due first. */
  private readonly lines = PRIORITIES.map((priority) => ({
    yieldsMs: YIELDS_MS[priority],
    waiting: [] as { readonly item: Item; readonly dueMs: number }[],
  }));

  get length(): number {
    return this.lines.reduce((sum, { waiting }) => sum + waiting.length, 0);
  }

  add(priority: Priority, item: Item, nowMs: number): void {
    const line = this.lines[PRIORITIES.indexOf(priority)];
    line?.waiting.push({ item, dueMs: nowMs + line.yieldsMs });
  }

  /** Takes it out of the line; undefined where nobody waits. */
  next(): Item | undefined {
    const [first, ...others] = this.lines;
    let next = first;
    for (const line of others) if (dueMs(line) < dueMs(next)) next = line;
    return next?.waiting.shift()?.item;
  }

  /** Everything that waits; nothing does any more. */
  clear(): Item[] {
    return this.lines.flatMap(({ waiting }) => waiting.splice(0).map(({ item }) => item));
  }
}

const dueMs = (line?: { readonly waiting: readonly { readonly dueMs: number }[] }): number =>
  line?.waiting[0]?.dueMs ?? Infinity;
