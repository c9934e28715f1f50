import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { present } from '@core/kernel/present';
import { EventLog } from '@core/event-log/event-log';
import { sessionBook, type SessionBook } from '@core/views/ws-session/session-book';
import { Injectable } from '@nestjs/common';
import type { ToldMessage } from '../connection/broadcast.ts';
import { Accounts } from './accounts.ts';
import { PastBooks } from './past-books.ts';
import { RecentMessages } from './recent-messages.ts';

/** What was told once, as it was told then: from memory as far as that goes back, and from the log before. */
@Injectable()
export class PastMessages {
  constructor(
    private readonly accounts: Accounts,
    private readonly log: EventLog,
    private readonly pastBooks: PastBooks,
    private readonly recent: RecentMessages,
  ) {}

  /** The messages of events after a position up to another, of accounts that `isOf` lets through. */
  async *between(after: number, until: number, isOf: (account: AccountId) => boolean): AsyncGenerator<ToldMessage> {
    const books = new Map<AccountId, SessionBook>();
    for (let from = after; from < until;) {
      const recent = this.recent.after(from);
      if (recent) {
        for (const message of recent) if (message.position <= until && isOf(message.accountId)) yield message;
        return;
      }
      // What is kept may have become less meanwhile.
      const to = Math.min(this.recent.since, until);
      for await (const page of this.log.read(from)) {
        const events = page.filter(({ position, subject }) => position <= to && isOf(subject));
        for (const [account, book] of await this.booksOf(events, books, after)) books.set(account, book);
        for (const event of events) {
          const book = present(books.get(event.subject), 'its book was just found');
          sessionBook.evolve(book, event);
          yield* this.accounts.messagesOf(event, book);
        }
        if ((page.at(-1)?.position ?? to) >= to) break;
      }
      from = to;
    }
  }

  /** Those of accounts that are met for the first time, as they stood before. */
  private async booksOf(
    events: readonly RecordedEvent[],
    known: ReadonlyMap<AccountId, SessionBook>,
    before: number,
  ): Promise<ReadonlyMap<AccountId, SessionBook>> {
    const firsts = new Map<AccountId, number>();
    for (const { subject, version } of events)
      if (!known.has(subject) && !firsts.has(subject)) firsts.set(subject, version);
    return firsts.size === 0 ? new Map() : this.pastBooks.at(before, firsts);
  }
}
