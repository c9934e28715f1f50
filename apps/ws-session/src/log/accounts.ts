import type { RecordedEvent } from '@core/contracts/event';
import { UNKNOWN_MARKET } from '@core/contracts/market/valuation';
import type { AccountId, TraderId, Venue } from '@core/contracts/primitives';
import { MarketView } from '@core/bus/market-view';
import type { Frozen } from '@core/projection-runner/projection-runner';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Injectable } from '@nestjs/common';
import { announce, standingOf, type Standing, type Surroundings } from './announcement.ts';
import { Broadcast, type EventTopic } from '../connection/broadcast.ts';
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

  /** A registered account, or null. */
  find(id: AccountId): KnownAccount | null {
    const book = this.runner.state(sessionBook, id);
    const { registration } = book.account;
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

  /** What the event makes of the account's book right after it; null where nobody hears of it. */
  broadcast(
    event: RecordedEvent,
    book: Frozen<SessionBook> = this.runner.state(sessionBook, event.subject),
  ): Broadcast | null {
    const { latest, sequence, account } = book;
    const message = announce(book, event, this.around(book));
    if (!message || !latest || !account.registration) return null;
    const { traderId } = account.registration;
    const topic = TOPIC[latest.of];
    return new Broadcast(
      event.id,
      event.subject,
      traderId,
      topic,
      event.position,
      sequence,
      this.cursors.of(event.position),
      message,
    );
  }

  private around({ account }: Frozen<SessionBook>): Surroundings {
    const venue = account.registration?.venue;
    return {
      market: venue === undefined ? UNKNOWN_MARKET : this.market.priced(venue),
      stopOutPercent: this.settings.stopOutPercent,
    };
  }
}
