import type { SessionEvent } from './session-event.ts';
import type { WsClient } from './ws-client.ts';

/** An event, and the cell that it is of; `failed` is the last of a cell whose client gave up. */
export type CellEvent = { readonly cell: string } & (
  SessionEvent | { readonly type: 'failed'; readonly error: unknown }
);

/**
 * Several servers as one: each cell holds some of the accounts. Events of one account stay in order; between cells there
 * is none. A cell that fails does not end the others.
 */
export class Cells implements AsyncIterable<CellEvent> {
  private readonly homes = new Map<string, string>();

  /** The clients by the names of their cells. */
  constructor(private readonly clients: Readonly<Record<string, WsClient>>) {}

  /** The client that speaks for an account; null for one that no cell has told of. */
  clientOf(accountId: string): WsClient | null {
    const cell = this.homes.get(accountId);
    return cell === undefined ? null : (this.clients[cell] ?? null);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<CellEvent, undefined> {
    const readers = new Map(
      Object.entries(this.clients).map(([cell, client]) => [cell, readerOf(cell, client)] as const),
    );
    const coming = new Map([...readers].map(([cell, reader]) => [cell, reader()] as const));
    try {
      while (coming.size > 0) {
        const { cell, event, isLast } = await Promise.race(coming.values());
        const reader = readers.get(cell);
        if (isLast || !reader) coming.delete(cell);
        else coming.set(cell, reader());
        if (event === null) continue;
        this.learn(event);
        yield event;
      }
    } finally {
      this.close();
    }
    return undefined;
  }

  close(): void {
    for (const client of Object.values(this.clients)) client.close();
  }

  private learn(event: CellEvent): void {
    if (event.type === 'snapshot') for (const id of event.accountIds) this.homes.set(id, event.cell);
    if ('accountId' in event) this.homes.set(event.accountId, event.cell);
  }
}

interface Read {
  readonly cell: string;
  readonly event: CellEvent | null;
  readonly isLast: boolean;
}

/** Never rejects: what a cell fails with is an event. */
function readerOf(cell: string, client: WsClient): () => Promise<Read> {
  const events = client[Symbol.asyncIterator]();
  return () =>
    events.next().then(
      ({ value, done }) => ({ cell, event: value ? { cell, ...value } : null, isLast: done === true }),
      (error: unknown) => ({ cell, event: { cell, type: 'failed', error }, isLast: true }),
    );
}
