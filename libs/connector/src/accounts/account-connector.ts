// Over 300 lines: the life of one account's session, in the order in which it happens.
import { versionOf, type EventBody, type RecordedEvent } from '@core/contracts/event';
import type { Uuid } from '@core/contracts/primitives';
import type { BookRequest } from '@core/projections/broker-book/state';
import type { Now } from '@core/execution/knowledge';
import { accountFacts } from '@core/execution/facts/account-facts';
import { factOf, type Fact } from '@core/execution/fact';
import { translateAccount } from '@core/xapi/translate/account';
import { equityMark } from '@core/execution/facts/balance-facts';
import type { Reply } from '@core/xapi/wire/frames';
import type { JsonObject } from '@core/xapi/wire/json-splitter';
import { setTimeout as pause } from 'node:timers/promises';
import { unlessAborted } from '../unless-aborted.ts';
import { Login, type LoginOptions } from '../../../../apps/xapi-connector/src/transport/login.ts';
import { XapiSession } from '../../../../apps/xapi-connector/src/xapi-session.ts';
import { BrokerFailure, LoginRefused, NoTurn } from '../broker-failure.ts';
import type { AccountParts, ConnectedAccount } from './account-parts.ts';
import { Backoff } from './backoff.ts';
import { Belief, type Book } from './optimistic-book.ts';
import { Claims, type GrantedClaim } from '../requests/claims.ts';
import { dispatchedBy } from '../requests/dispatched.ts';
import { DriftGuard } from '../drift/drift-guard.ts';
import { EquityMarks } from './equity-marks.ts';
import { Executor } from '../requests/executor.ts';
import { Inbox } from './inbox.ts';
import { Reconciler } from '../drift/reconciler.ts';

export type AccountStatus = 'waiting' | 'connecting' | 'ready' | 'refused' | 'stopped';

/** What works on a belief, made with it and kept over sessions. */
interface Work {
  readonly belief: Belief;
  readonly executor: Executor;
  readonly reconciler: Reconciler;
}

const TICK_MS = 200;
const CONNECTIONS = 2;
/** Least distance of samples of equity, even after trades. */
const EQUITY_SOON_MS = 1_000;
/** The longest a timer can be set for: a login that was refused for good waits for an operator. */
const REST_MAX_MS = 2_147_483_647;
const TEXT_MAX = 512;

/** Connects one account for as long as this instance holds its lease: sessions come and go, what is believed stays. */
export class AccountConnector {
  status: AccountStatus = 'waiting';
  private work: Work | null = null;
  /** Since the last login read its credentials. */
  private hasNewPassword = false;
  private session: XapiSession | null = null;
  private barrier: { readonly eventId: Uuid; readonly pass: () => void } | null = null;
  private wake: (() => void) | null = null;
  private readonly inbox: Inbox;
  private readonly backoff: Backoff;
  private readonly claims: Claims;
  private readonly equity: EquityMarks;
  private readonly guard: DriftGuard;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    readonly account: ConnectedAccount,
    private readonly parts: AccountParts,
  ) {
    const { config, newId, metrics, log } = parts;
    this.backoff = new Backoff({ minMs: config.backoffMinMs, maxMs: config.backoffMaxMs });
    this.equity = new EquityMarks(config.equityMs, Math.min(config.equityMs, EQUITY_SOON_MS));
    this.claims = new Claims(parts.commands, {
      account: account.id,
      timeoutMs: config.claimTimeoutMs,
      newId,
      connector: () => parts.claimant(account.id),
      observe: (ms) => metrics.claimed(ms),
    });
    this.guard = new DriftGuard(account.id, parts);
    this.inbox = new Inbox({
      account: account.id,
      bufferedRecordsMax: config.bufferedRecordsMax,
      equity: this.equity,
      metrics,
      log,
      now: () => this.now(),
      onOverflow: () => this.session?.close('too many records wait'),
    });
  }

  start(): void {
    this.running = this.run();
  }

  /** Ends the session; what was told is still on its way to the log. */
  async stop(reason: string): Promise<void> {
    this.stopping.abort(new NoTurn(reason));
    this.wake?.();
    this.session?.close(reason);
    await Promise.all([this.running, this.guard.stop()]);
    this.status = 'stopped';
  }

  /** The password has changed: tries again at once what was refused for good, or is just being refused. */
  retry(): void {
    this.hasNewPassword = true;
    if (this.status === 'refused') this.wake?.();
  }

  /** Whether the last look at the broker found what it should. */
  get isClean(): boolean {
    return this.guard.isClean;
  }

  /** An event of this account in the log, with the fold as of just this event. */
  learn(event: RecordedEvent): void {
    if (event.id === this.barrier?.eventId) return this.barrier.pass();
    this.work?.belief.learn(event, this.now());
    if (event.type.endsWith('Requested')) this.work?.executor.pump();
  }

  /** The log will never hold an event of ours. */
  refused(eventId: Uuid): void {
    if (eventId === this.barrier?.eventId) this.session?.close('the log refused the session');
    this.work?.belief.refused(eventId);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const startedMs = performance.now();
      const pauseMs = await this.attempt(signal);
      if (performance.now() - startedMs > this.parts.config.healthyMs) this.backoff.reset();
      if (!signal.aborted) await this.rest(pauseMs ?? this.backoff.next(Math.random()));
    }
  }

  /** One session from login to end. Gives the pause after it where that is not the usual one. */
  private async attempt(signal: AbortSignal): Promise<number | null> {
    const { egress, log } = this.parts;
    const { budget, sessions } = egress.pick();
    this.status = 'waiting';
    try {
      await budget.take(CONNECTIONS, signal);
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
    try {
      this.status = 'connecting';
      await this.live(sessions);
      return null;
    } catch (error) {
      if (error instanceof LoginRefused) return this.afterRefusal(error);
      if (!(error instanceof BrokerFailure)) throw error;
      log.warn({ accountId: this.account.id, reason: error.message, msg: 'no session' });
      return null;
    } finally {
      budget.give(CONNECTIONS);
    }
  }

  private afterRefusal({ kind, brokerCode }: LoginRefused): number | null {
    const { metrics, log, config } = this.parts;
    metrics.loginRefused(kind);
    log.error({ accountId: this.account.id, brokerCode, kind, msg: 'login refused' });
    if (kind === 'full') return config.fullPauseMs * (1 + Math.random());
    if (kind === 'passing') return null;
    if (this.hasNewPassword) return 0;
    this.status = 'refused';
    return REST_MAX_MS;
  }

  /** Resolves when the session has ended; rejects when it could not begin. */
  private async live(sessions: LoginOptions): Promise<void> {
    const { parts, account, inbox } = this;
    inbox.close();
    let over: (reason: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => (over = resolve));
    const { signal } = this.stopping;
    this.hasNewPassword = false;
    const credentials = await unlessAborted(signal, parts.credentials(account.id));
    const listener = {
      record: (stream: string, data: JsonObject) => inbox.record(stream, data),
      replied: (tag: string, reply: Reply) => this.work?.executor.replied(tag, reply),
      closed: over,
    };
    const login = await Login.open(account.server, credentials, sessions, listener, signal);
    const session = new XapiSession(account.venue, login, parts.egress);
    if (signal.aborted) session.close('stopped');
    this.session = session;
    let ticking: NodeJS.Timeout | undefined;
    try {
      const work = await Promise.race([
        this.begin(session),
        ended.then((reason) => Promise.reject(new NoTurn(reason))),
      ]);
      this.status = 'ready';
      parts.log.log({ accountId: account.id, venue: account.venue, msg: 'session ready' });
      parts.onSession(account, session);
      ticking = setInterval(() => this.tick(work, session), TICK_MS);
      await ended;
    } finally {
      clearInterval(ticking);
      session.close('it could not begin');
      const reason = (await ended).slice(0, TEXT_MAX);
      this.session = null;
      this.barrier = null;
      parts.onSession(account, null);
      this.work?.executor.end();
      this.say({ type: 'AccountSessionLost', data: { ...this.claimant(), reason } });
      parts.metrics.sessionEnded();
      parts.log.warn({ accountId: account.id, reason, msg: 'session lost' });
    }
  }

  /** Start sequence of wire-behaviour §9: subscribed already; what the broker says meanwhile waits for the belief. */
  private async begin(session: XapiSession): Promise<Work> {
    const { parts, account, inbox } = this;
    const { main } = session.login;
    await parts.catalog.load(session, parts.config.instrumentsMs);
    if (this.work) this.say({ type: 'AccountSessionOpened', data: this.claimant() });
    const work = (this.work ??= this.take(await this.passBarrier()));
    const { belief, executor, reconciler } = work;

    const { desk } = belief;
    for (const { requestId, status } of Object.values(desk.book.requests)) {
      // Sent by an earlier process: what this one sends it has not sent yet, or it said so when its session ended.
      if (status === 'dispatched' && !this.claims.isOpen(requestId))
        belief.emit(desk.doubt(requestId, 'connector-restart', this.now()));
    }
    const report = translateAccount(await main.ask('getCurrentUserData', {}));
    if (report) belief.emit(accountFacts(account.id, desk.book, report, session.now));
    inbox.open(belief);
    await reconciler.start(main);
    executor.begin(main);
    return work;
  }

  /**
   * The first session of this process waits until the log holds its opening: whatever an earlier holder of the account
   * had on its way is in the log by then, before it, and the fold of that moment is what to compare the broker with.
   */
  private passBarrier(): Promise<Book> {
    const { parts, account } = this;
    const eventId = parts.newId();
    return new Promise((resolve) => {
      this.barrier = { eventId, pass: () => resolve(structuredClone(parts.book(account.id))) };
      const opened = {
        id: eventId,
        schemaversion: versionOf('AccountSessionOpened'),
        source: parts.source,
        subject: account.id,
        time: parts.now(),
        correlationid: eventId,
        causationid: null,
        type: 'AccountSessionOpened' as const,
        data: this.claimant(),
      };
      parts.intake.send(account.id, [opened]);
    });
  }

  private take(book: Book): Work {
    const { parts, account } = this;
    const { config, metrics, log, intake, catalog, source, anyPrice } = parts;
    const belief = new Belief(book, {
      account: account.id,
      source,
      intake,
      graceMs: config.graceMs,
      raceMs: config.raceMs,
      contractOf: (instrument) => catalog.contractOf(instrument),
      onTold: (facts) => this.told(facts),
    });
    const shared = { desk: belief.desk, now: () => this.now(), emit: (facts: readonly Fact[]) => belief.emit(facts) };
    const executor = new Executor({
      ...shared,
      options: config,
      claims: this.claims,
      granted: (request, claim) => this.granted(belief, request, claim),
      mayClaim: () => !intake.saturated && !this.stopping.signal.aborted,
      anyPrice,
      observe: (step) => metrics.command(step),
    });
    const { lookupSettleMs: settleMs, lookupAgainMs: againMs, raceMs, reconcileMs, historyMarginMs } = config;
    const reconciler = new Reconciler({
      ...shared,
      options: { patience: { settleMs, againMs }, raceMs, reconcileMs, historyMarginMs, rules: parts.rules },
      sinceSentMs: (request) => executor.sinceSentMs(request),
      learnInstruments: () => this.learnInstruments(belief),
      onLook: (occasion, drifts, isClean) => this.guard.looked(occasion, drifts, isClean),
      onUnreadable: (reason) => {
        metrics.unreadable('snapshot');
        log.error({ accountId: account.id, reason, msg: 'a snapshot cannot be read: not reconciled' });
      },
    });
    return { belief, executor, reconciler };
  }

  /** The claim is committed: the book knows it at once, and the feed's copy is skipped when it comes. */
  private granted(belief: Belief, request: BookRequest, { eventId, connector }: GrantedClaim): void {
    if (belief.desk.book.requests[request.requestId]?.status !== 'requested') return;
    belief.anticipate(dispatchedBy(request, eventId, connector, this.parts.now()), this.now());
  }

  private told(facts: readonly Fact[]): void {
    for (const { type } of facts) {
      this.parts.metrics.told(type);
      if (type === 'PositionOpened' || type === 'PositionClosed' || type === 'PositionReduced') this.equity.ask();
    }
  }

  private tick({ belief, executor, reconciler }: Work, session: XapiSession): void {
    const { parts, account } = this;
    const now = this.now();
    if (!session.isOpen) return;
    if (parts.intake.pending > parts.config.intakeMax) return session.close('the log is too far behind');
    if (belief.desk.waiting) belief.emit(belief.desk.settle(now));
    belief.mend(parts.book(account.id));
    if (belief.desk.lacksInstruments)
      this.learnInstruments(belief).catch((error: unknown) => {
        if (!(error instanceof BrokerFailure)) throw error;
      });
    const money = this.equity.due(now.ms);
    if (money) belief.emit([equityMark(account.id, money, now.at)]);
    executor.pump();
    reconciler.advance(session.login.main);
  }

  private async learnInstruments({ desk }: Belief): Promise<void> {
    for (const instrument of desk.takeMissingInstruments())
      if (this.session) await this.parts.catalog.loadOne(this.session, instrument);
  }

  /** Puts something of the session itself into the log. */
  private say(happening: EventBody): void {
    const { newId, now } = this.parts;
    this.work?.belief.emit([factOf(this.account.id, happening, { key: newId() }, now(), null)]);
  }

  private claimant(): { readonly connector: string } {
    return { connector: this.parts.claimant(this.account.id) };
  }

  private now(): Now {
    return { ms: performance.now(), at: this.session?.now ?? this.parts.now() };
  }

  private async rest(ms: number): Promise<void> {
    const woken = new AbortController();
    this.wake = () => woken.abort();
    try {
      await pause(ms, undefined, { signal: woken.signal });
    } catch (error) {
      if (!woken.signal.aborted) throw error;
    } finally {
      this.wake = null;
    }
  }
}
