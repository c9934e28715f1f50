import type { BrokerLook } from '@core/contracts/broker-look';
import type { RecordedEvent } from '@core/contracts/event';
import type { RequestId, Uuid } from '@core/contracts/primitives';
import type { AccountFigures, OutcomeReport, Receipt, Report } from '@core/execution/report';
import type { BrokerAdapter, BrokerSession, SessionListener } from '../broker-adapter.ts';
import { NoTurn } from '../broker-failure.ts';
import { toldOf, whyNoLook } from '../drift/broker-look.ts';
import type { ConnectorMetrics } from '../metrics.ts';
import type { ListedAccount } from './account-directory.ts';
import type { AccountWork } from './account-work.ts';
import type { Inbox } from './inbox.ts';
import type { SessionClock } from './session-clock.ts';
import type { Attempt } from './session-loop.ts';
import type { SessionStart } from './session-start.ts';

export interface AccountSessionParts {
  readonly adapter: BrokerAdapter;
  readonly clock: SessionClock;
  readonly inbox: Inbox;
  readonly start: SessionStart<AccountWork>;
  readonly metrics: Pick<ConnectorMetrics, 'sessionEnded'>;
  readonly log: Pick<Console, 'log' | 'warn'>;
  claimant(): string;
  /** A session is ready, or no longer. */
  onSession(session: BrokerSession | null): void;
}

const TICK_MS = 200;
const TEXT_MAX = 512;

/** An account's sessions at its broker, one after the other: each is opened, begun, worked on and ended here. */
export class AccountSession {
  /** What earlier sessions of this process have left. */
  work: AccountWork | null = null;
  private session: BrokerSession | null = null;

  constructor(
    private readonly account: ListedAccount,
    private readonly parts: AccountSessionParts,
  ) {}

  /** One session. Resolves when it has ended; rejects when it could not begin. */
  async live({ credentials, ready, signal }: Attempt): Promise<void> {
    const { adapter, inbox, clock } = this.parts;
    const { id, venue, endpoint, mode } = this.account;
    inbox.close();
    let over: (reason: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => (over = resolve));
    const listener = new Listener(inbox, () => this.work, over);
    const session = await adapter.open({ id, venue, endpoint, mode, credentials }, listener, signal);
    this.session = clock.session = session;
    try {
      await this.liveOn(session, ended, ready);
    } finally {
      session.close('it could not begin');
      this.end((await ended).slice(0, TEXT_MAX));
    }
  }

  /** An event of this account in the log. */
  learn(event: RecordedEvent): void {
    if (!this.parts.start.learn(event)) this.work?.learn(event);
  }

  /** The log will never hold an event of ours. */
  refused(eventId: Uuid): void {
    if (this.parts.start.isRefused(eventId)) this.close('the log refused the session');
    this.work?.book.refused(eventId);
  }

  /** What it learnt of the log lately may never have happened. */
  rewound(): void {
    this.work?.book.rewound();
  }

  /** What stands at the broker, compared with the log now, for an operator. */
  async look(): Promise<BrokerLook> {
    const { session, work } = this;
    if (!session?.isOpen || !work)
      return { ok: false, reason: 'not-connected', text: 'there is no session at the moment' };
    const { clock, claimant } = this.parts;
    try {
      const look = await work.look(session);
      if (look) return toldOf(look, { connector: claimant(), at: clock.now().at });
      return { ok: false, reason: 'busy', text: 'a look is under way' };
    } catch (error) {
      return whyNoLook(error);
    }
  }

  close(reason: string): void {
    this.session?.close(reason);
  }

  private async liveOn(session: BrokerSession, ended: Promise<string>, ready: () => void): Promise<void> {
    const { start, log, onSession } = this.parts;
    const lost = ended.then((reason) => Promise.reject(new NoTurn(reason)));
    const work = await Promise.race([start.begin(session, this.work), lost]);
    ready();
    log.log({ accountId: this.account.id, venue: this.account.venue, msg: 'session ready' });
    onSession(session);
    const ticking = setInterval(() => work.tick(session), TICK_MS);
    await ended;
    clearInterval(ticking);
  }

  private end(reason: string): void {
    const { clock, start, metrics, log, claimant, onSession } = this.parts;
    this.session = clock.session = null;
    start.end();
    onSession(null);
    this.work?.executor.end();
    this.work?.book.say({ type: 'AccountSessionLost', data: { connector: claimant(), reason } });
    metrics.sessionEnded();
    log.warn({ accountId: this.account.id, reason, msg: 'session lost' });
  }
}

/** One session's reports go to the inbox, its answers to whoever sent the requests. */
class Listener implements SessionListener {
  constructor(
    private readonly inbox: Inbox,
    private readonly work: () => AccountWork | null,
    readonly closed: (reason: string) => void,
  ) {}

  reported(report: Report): void {
    this.inbox.reported(report);
  }

  money(money: AccountFigures): void {
    this.inbox.money(money);
  }

  outcome(outcome: OutcomeReport): void {
    this.inbox.outcome(outcome);
  }

  unreadable(what: string, reason: string): void {
    this.inbox.unreadable(what, reason);
  }

  answered(requestId: RequestId, receipt: Receipt): void {
    this.work()?.executor.answered(requestId, receipt);
  }
}
