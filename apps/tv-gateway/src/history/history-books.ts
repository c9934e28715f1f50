import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import { BoundedMap } from '@core/kernel/bounded-map';
import { folding } from '@core/projection-runner/unfoldable-event';
import { historyTables } from '@core/views/tradingview/history-tables';
import { tradingSession } from '@core/views/tradingview/session';
import type { TradingSession } from '@core/views/tradingview/session-state';
import { mayAddRows } from './history-rows.ts';

interface Kept {
  readonly book: TradingSession;
  /** Of the account's last event in the book. */
  version: number;
}

/**
 * The books that history rows are made from, each as of the event before the one to be written.
 * They are this process's own and may be wrong about what is next: after a rollback they are ahead, and where another
 * process wrote some events they are behind. The account's versions tell, and the log has what is missing.
 */
export class HistoryBooks {
  private readonly kept: BoundedMap<AccountId, Kept>;

  /** Of more than `booksMax` books the one unused for longest is forgotten, and read again when it is needed. */
  constructor(
    private readonly log: EventLog,
    booksMax: number,
  ) {
    this.kept = new BoundedMap(booksMax);
  }

  /** The account's book with this event; null where the event adds no rows and nobody has needed the book yet. */
  async after(event: RecordedEvent): Promise<TradingSession | null> {
    if (!this.kept.has(event.subject) && event.version > 1 && !mayAddRows(event)) return null;
    const kept = await this.before(event);
    evolve(kept, event);
    return kept.book;
  }

  private async before({ subject, version, position }: RecordedEvent): Promise<Kept> {
    const known = this.kept.get(subject);
    const usable = known && known.version < version ? known : { book: tradingSession.initial(), version: 0 };
    this.kept.set(subject, usable);
    if (usable.version === version - 1) return usable;
    for await (const page of this.log.readAccount(subject, usable.version, { position: position - 1 })) {
      for (const event of page) evolve(usable, event);
    }
    return usable;
  }
}

function evolve(kept: Kept, event: RecordedEvent): void {
  folding(historyTables.name, event, () => tradingSession.evolve(kept.book, event));
  kept.version = event.version;
}
