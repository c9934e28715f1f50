import type { RecordedEvent } from '@core/contracts/event';
import { UNKNOWN_MARKET } from '@core/contracts/market/valuation';
import { SYSTEM_ACCOUNT, type AccountId, type TraderId, type Venue } from '@core/contracts/primitives';
import { MarketView } from '@core/bus/market-view';
import type { Frozen } from '@core/projection-runner/projection-runner';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Injectable } from '@nestjs/common';
import { announce, standingOf, type Standing, type Surroundings } from './announcement.ts';
import type { EventTopic, ToldMessage } from '../connection/broadcast.ts';
import { AccountSettings } from '../config.ts';
import { LogCursors } from './log-cursors.ts';
import { sessionBook, type SessionChange, type SessionBook } from '@core/views/ws-session/session-book';

const TOPIC: Readonly<Record<SessionChange['of'], EventTopic>> = {
  account: 'accounts',
  position: 'positions',
  pending: 'orders',
};

export interface KnownAccount {
  readonly id: AccountId;
  readonly traderId: TraderId;
  readonly venue: Venue;
  readonly book: Frozen<SessionBook>;
}

/** The accounts as this process knows them, and what is said of them. */
@Injectable()
export class Accounts {
  constructor(
    private readonly runner: ProjectionRunner,
    private readonly market: MarketView,
    private readonly cursors: LogCursors,
    private readonly settings: AccountSettings,
  ) {}

  /** Registered accounts; nobody may see others. */
  *known(): Iterable<KnownAccount> {
    for (const id of this.runner.accounts()) {
      const account = this.find(id);
      if (account) yield account;
    }
  }

  /** Those that are meant, in the one order in which every process tells them: clients may take the first. */
  meant(isMeant: (account: KnownAccount) => boolean): readonly KnownAccount[] {
    return [...this.known()].filter(isMeant).toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }

  /** A registered account that is at home here, or null. */
  find(id: AccountId): KnownAccount | null {
    const book = this.runner.state(sessionBook, id);
    const { registration } = book.account;
    if (!this.isHere(id, book)) return null;
    return registration && { id, traderId: registration.traderId, venue: registration.venue, book };
  }

  /** How many there are: another number means that something cached about them is old. */
  get count(): number {
    let count = 0;
    for (const _ of this.known()) count += 1;
    return count;
  }

  standing({ id, book }: KnownAccount): Standing {
    return standingOf(id, book, this.around(book));
  }

  /** What the event makes known, in order, of the account's book right after it; nothing where nobody hears of it. */
  messagesOf(
    event: RecordedEvent,
    book: Frozen<SessionBook> = this.runner.state(sessionBook, event.subject),
  ): readonly ToldMessage[] {
    const { registration } = book.account;
    if (!registration || !this.isHere(event.subject, book)) return [];
    const { position, subject: accountId } = event;
    const announced = announce(book, event, this.around(book));
    return announced.map(({ messageId, of, message }, index) => {
      const left = announced.length - index - 1;
      return {
        messageId,
        accountId,
        traderId: registration.traderId,
        topic: TOPIC[of],
        position,
        sequence: book.sequence - left,
        // Whoever has a part of what an event makes known does not have the event.
        cursor: this.cursors.of(left > 0 ? position - 1 : position),
        text: message,
      };
    });
  }

  /** Nothing is told of one that has gone to another cell, nor of one whose past is only being taken over from there. */
  private isHere(id: AccountId, { account }: Frozen<SessionBook>): boolean {
    const { arrivals } = this.runner.state(sessionBook, SYSTEM_ACCOUNT).account;
    return account.move?.phase !== 'away' && (arrivals?.[id] === undefined || account.cameFrom !== undefined);
  }

  private around({ account }: Frozen<SessionBook>): Surroundings {
    const venue = account.registration?.venue;
    return {
      market: venue === undefined ? UNKNOWN_MARKET : this.market.priced(venue),
      stopOutPercent: this.settings.stopOutPercent,
    };
  }
}
