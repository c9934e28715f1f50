import { MarketView } from '@core/bus/market-view';
import type { AccountId } from '@core/contracts/primitives';
import { newId } from '@core/service/clock';
import { accountFiguresMessage, positionFiguresMessage } from '@core/ws-session/figures';
import { encodeEnvelope } from '@core/ws-session/server-message';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { FigureSettings } from '../config.ts';
import type { Session } from '../connection/session.ts';
import { Sessions } from '../connection/sessions.ts';
import { Accounts, type KnownAccount } from '../log/accounts.ts';
import { accountWorth, changesOf, type AccountWorth } from './account-worth.ts';
import { textFrame } from '../connection/text-frame.ts';

interface Told {
  /** Of the account and the market that the figures are of. */
  readonly version: string;
  readonly worth: AccountWorth;
}

/** Figures for those who chose `calculate_updates`: all of an account's first, then what changes, every fifth of a second. */
@Injectable()
export class FigureBroadcast implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly told = new Map<AccountId, Told>();
  /** The accounts of which a session has every figure. */
  private readonly complete = new WeakMap<Session, Set<AccountId>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly market: MarketView,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly settings: FigureSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), this.settings.figuresMs);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const choosing = [...this.sessions.live()].filter(({ topics }) => topics.has('calculate_updates'));
    if (choosing.length === 0) return this.told.clear();
    for (const account of this.accounts.known()) this.tell(account, choosing);
  }

  private tell(account: KnownAccount, choosing: readonly Session[]): void {
    const audience = choosing.filter((session) => this.wants(session, account));
    if (audience.length === 0) return void this.told.delete(account.id);
    const before = this.told.get(account.id);
    const now = this.worthOf(account, before);
    this.told.set(account.id, now);
    const whole = framesOnce(account.id, () => now.worth);
    const changed = framesOnce(account.id, () =>
      before && before !== now ? changesOf(before.worth, now.worth) : null,
    );

    for (const session of audience) {
      const known = this.completeOf(session);
      if (session.queue.isAbove(0)) {
        // It gets all of them when it has caught up.
        if (known.delete(account.id)) session.queue.leaveOut();
      } else {
        for (const frame of known.has(account.id) ? changed() : whole()) session.queue.send(frame);
        known.add(account.id);
      }
    }
  }

  /** One that does not choose an account any more begins anew when it does. */
  private wants(session: Session, { id, traderId }: KnownAccount): boolean {
    const wants = session.topics.wants('calculate_updates', id) && session.maySee(id, traderId);
    if (!wants) this.complete.get(session)?.delete(id);
    return wants;
  }

  private worthOf({ book, venue }: KnownAccount, before: Told | undefined): Told {
    const version = `${book.account.position} ${this.market.version}`;
    if (before?.version === version) return before;
    return { version, worth: accountWorth(book, this.market.priced(venue)) };
  }

  private completeOf(session: Session): Set<AccountId> {
    const known = this.complete.get(session) ?? new Set();
    this.complete.set(session, known);
    return known;
  }
}

/** The same bytes for everyone, made when somebody wants them. */
function framesOnce(id: AccountId, worth: () => AccountWorth | null): () => readonly Buffer[] {
  let frames: readonly Buffer[] | null = null;
  return () => (frames ??= framesOf(id, worth()));
}

function framesOf(id: AccountId, worth: AccountWorth | null): readonly Buffer[] {
  if (worth === null) return [];
  const { account, profits } = worth;
  return [
    ...(account === null ? [] : [accountFiguresMessage(id, account)]),
    ...(profits.size === 0 ? [] : [positionFiguresMessage(id, profits)]),
  ].map((message) => textFrame(encodeEnvelope(newId(), message)));
}
