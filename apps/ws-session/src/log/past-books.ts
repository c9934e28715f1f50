import type { AccountId } from '@core/contracts/primitives';
import { EventLog } from '@core/event-log/event-log';
import { fold } from '@core/kernel/projection';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import type { SavedState, SnapshotKey } from '@core/projection-runner/snapshots';
import { inBackground } from '@core/service/in-background';
import { sessionBook, type SessionBook } from '@core/views/ws-session/session-book';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { PlaybackSettings } from '../config.ts';
import { KeptBooks, type KeptBook } from './kept-books.ts';

/** Accounts that are read at once: as many as the log takes. */
const READ_AT_ONCE = 4;
/** Positions after which it is looked what nobody needs any more. */
const FORGET_EVERY = 5_000;

/**
 * Books of accounts as they stood at some time, for whoever is told what came after it. They are kept now and then, as
 * they are saved for the next start, so that no account is folded from its first event.
 */
@Injectable()
export class PastBooks implements OnApplicationBootstrap {
  private readonly logger = new Logger(PastBooks.name);
  /** How many events were in the book that was kept last. */
  private readonly keptAt = new Map<AccountId, number>();
  private forgotten = 0;

  constructor(
    private readonly runner: ProjectionRunner,
    private readonly log: EventLog,
    private readonly kept: KeptBooks,
    private readonly settings: PlaybackSettings,
  ) {
    runner.onSaved((states) => this.keepSome(states));
  }

  /** Books of a log that this one replaced are forgotten. It is asked afterwards: what others keep meanwhile stands in it. */
  async onApplicationBootstrap(): Promise<void> {
    if ((await this.kept.newest()) > (await this.log.head())) await this.kept.clear();
  }

  /** As of a position. `firsts` has of each account the number, among those of the account, of its first event after it. */
  async at(position: number, firsts: ReadonlyMap<AccountId, number>): Promise<ReadonlyMap<AccountId, SessionBook>> {
    const wanted = [...firsts];
    const kept = await this.kept.before([...firsts.keys()], position);
    const known = new Map(kept.map(({ account, book }) => [account, JSON.parse(book) as SessionBook]));
    const books = new Map<AccountId, SessionBook>();
    const next = async (): Promise<void> => {
      for (let some = wanted.pop(); some; some = wanted.pop()) {
        const [account, first] = some;
        const book = known.get(account) ?? sessionBook.initial();
        if (book.account.version + 1 < first) await this.goOn(book, account, position);
        books.set(account, book);
      }
    };
    await Promise.all(Array.from({ length: READ_AT_ONCE }, next));
    return books;
  }

  private async goOn(book: SessionBook, account: AccountId, position: number): Promise<void> {
    const from = book.account.version;
    for await (const page of this.log.readAccount(account, from, { position })) fold(sessionBook, page, book);
    if (book.account.version - from < this.settings.bookEveryEvents) return;
    const keeping = this.kept.keep([{ account, position, book: JSON.stringify(book) }]);
    inBackground('a book is kept that took long to fold', keeping);
  }

  /** What cannot be kept costs time later, and nothing else. */
  private async keepSome(states: readonly (SnapshotKey & SavedState)[]): Promise<void> {
    const due = states.filter(
      ({ name, version, account }) =>
        name === sessionBook.name && version === sessionBook.version && this.isDue(account),
    );
    if (due.length === 0) return;
    const books = due.map(({ account, position, state }): KeptBook => ({ account, position, book: state }));
    try {
      await this.kept.keep(books);
      for (const { account } of books) this.keptAt.set(account, this.eventsOf(account));
      await this.forgetSome();
    } catch (error) {
      this.logger.warn({ err: error, msg: 'books could not be kept' });
    }
  }

  private isDue(account: AccountId): boolean {
    return this.eventsOf(account) - (this.keptAt.get(account) ?? -Infinity) >= this.settings.bookEveryEvents;
  }

  private eventsOf(account: AccountId): number {
    return this.runner.state(sessionBook, account).account.version;
  }

  private async forgetSome(): Promise<void> {
    const { position } = this.runner;
    if (position - this.forgotten < FORGET_EVERY) return;
    this.forgotten = position;
    await this.kept.forget(position - this.settings.replayMaxEvents);
  }
}
