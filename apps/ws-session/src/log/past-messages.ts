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

/** Events whose messages are made at once. */
const GROUP = 50;

/** What was told once, as it was told then: from memory as far as that goes back, and from the log before. */
@Injectable()
export class PastMessages {
  constructor(
    private readonly accounts: Accounts,
    private readonly log: EventLog,
    private readonly pastBooks: PastBooks,
    private readonly recent: RecentMessages,
  ) {}

  /**
   * The messages of events after a position up to another, of accounts that `isOf` lets through, some at a time: the
   * first come soon, and while some are told the books for the next are on their way.
   */
  async *between(
    after: number,
    until: number,
    isOf: (account: AccountId) => boolean,
  ): AsyncGenerator<readonly ToldMessage[]> {
    const books = new Map<AccountId, SessionBook>();
    for (let from = after; from < until;) {
      const recent = this.recent.after(from);
      if (recent) {
        yield recent.filter(({ position, accountId }) => position <= until && isOf(accountId));
        return;
      }
      // What is kept may have become less meanwhile.
      const to = Math.min(this.recent.since, until);
      for await (const page of this.log.read(from, to))
        yield* this.messagesOf(
          page.filter(({ subject }) => isOf(subject)),
          books,
          after,
        );
      from = to;
    }
  }

  private async *messagesOf(
    events: readonly RecordedEvent[],
    books: Map<AccountId, SessionBook>,
    before: number,
  ): AsyncGenerator<readonly ToldMessage[]> {
    const asked = new Set(books.keys());
    const groups = Array.from({ length: Math.ceil(events.length / GROUP) }, (_, n) =>
      events.slice(n * GROUP, (n + 1) * GROUP),
    );
    let found = this.booksOf(groups[0] ?? [], asked, before);
    for (const [index, group] of groups.entries()) {
      for (const [account, book] of await found) books.set(account, book);
      found = this.booksOf(groups[index + 1] ?? [], asked, before);
      found.catch(() => undefined); // it is thrown where it is awaited
      yield group.flatMap((event) => {
        const book = present(books.get(event.subject), 'its book was just found');
        sessionBook.evolve(book, event);
        return this.accounts.messagesOf(event, book);
      });
    }
  }

  /** Those of accounts that are met for the first time, as they stood before; they are asked for once. */
  private async booksOf(
    events: readonly RecordedEvent[],
    asked: Set<AccountId>,
    before: number,
  ): Promise<ReadonlyMap<AccountId, SessionBook>> {
    const firsts = new Map<AccountId, number>();
    for (const { subject, version } of events) {
      if (asked.has(subject)) continue;
      asked.add(subject);
      firsts.set(subject, version);
    }
    return firsts.size === 0 ? new Map() : this.pastBooks.at(before, firsts);
  }
}
