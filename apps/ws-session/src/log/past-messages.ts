import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { EventLog } from '@core/event-log/event-log';
import { stateAt } from '@core/projection-runner/state-at';
import { sessionBook, type SessionBook } from '@core/views/ws-session/session-book';
import { Injectable } from '@nestjs/common';
import type { ToldMessage } from '../connection/broadcast.ts';
import { Accounts } from './accounts.ts';
import { RecentMessages } from './recent-messages.ts';

/** What was told once, as it was told then: from memory as far as that goes back, and from the log before. */
@Injectable()
export class PastMessages {
  constructor(
    private readonly accounts: Accounts,
    private readonly log: EventLog,
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
      for await (const event of this.events(from, to)) {
        if (!isOf(event.subject)) continue;
        const book =
          books.get(event.subject) ?? (await stateAt(this.log, sessionBook, event.subject, { position: after }));
        sessionBook.evolve(book, event);
        books.set(event.subject, book);
        yield* this.accounts.messagesOf(event, book);
      }
      from = to;
    }
  }

  private async *events(after: number, until: number): AsyncGenerator<RecordedEvent> {
    for await (const page of this.log.read(after)) {
      for (const event of page) {
        if (event.position > until) return;
        yield event;
      }
    }
  }
}
