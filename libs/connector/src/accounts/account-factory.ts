import { CommandClient } from '@core/bus/command-client';
import { IntakeSender } from '@core/bus/intake-sender';
import type { AccountId } from '@core/contracts/primitives';
import type { Fact } from '@core/execution/fact';
import { BUILD } from '@core/service/build';
import { newId } from '@core/service/clock';
import { Tracing } from '@core/service/tracing';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BrokerAdapter, BrokerSession } from '../broker-adapter.ts';
import { BROKER_ADAPTER, CONNECTOR_NAME } from '../connector-tokens.ts';
import { DriftGuard } from '../drift/drift-guard.ts';
import type { DriftRules } from '../drift/drift-policy.ts';
import { driftRules, DriftSettings, ReconciliationSettings } from '../drift/drift-settings.ts';
import { Reconciler } from '../drift/reconciler.ts';
import { MarketSettings } from '../market/market-settings.ts';
import { VenueRegistry } from '../market/venue-registry.ts';
import { ConnectorMetrics } from '../metrics.ts';
import { steadyClock } from '../pacing/clock.ts';
import { BrokerTraces } from '../requests/broker-traces.ts';
import { Claims } from '../requests/claims.ts';
import { Executor } from '../requests/executor.ts';
import { RequestSettings } from '../requests/request-settings.ts';
import { AccountConnector } from './account-connector.ts';
import { AccountDirectory, type ListedAccount } from './account-directory.ts';
import { AccountSession } from './account-session.ts';
import { AccountWork } from './account-work.ts';
import { EquityMarks } from './equity-marks.ts';
import { Inbox } from './inbox.ts';
import { IntakeSettings } from './intake-settings.ts';
import { LogBooks } from './log-books.ts';
import { OptimisticBook } from './optimistic-book.ts';
import { SessionClock } from './session-clock.ts';
import { SessionLoop } from './session-loop.ts';
import { SessionSettings } from './session-settings.ts';
import { SessionStart } from './session-start.ts';

/** What concerns one account from outside. */
export interface AccountSurroundings {
  /** This instance and the fencing token of the account's lease. */
  claimant(): string;
  /** A session is ready, or no longer. */
  onSession(session: BrokerSession | null): void;
}

/** What all that works on one account has in common. */
interface Common {
  readonly account: ListedAccount;
  readonly clock: SessionClock;
  readonly claims: Claims;
  readonly guard: DriftGuard;
  readonly equity: EquityMarks;
}

/** Least distance of samples of equity, even after trades. */
const EQUITY_SOON_MS = 1_000;
const TRADES: readonly Fact['type'][] = ['PositionOpened', 'PositionClosed', 'PositionReduced'];

/**
 * Puts together what connects an account. What is kept for each is written out flat: an object that is spread together
 * takes more room, and there are hundreds of accounts.
 */
@Injectable()
export class AccountFactory {
  private readonly log = new Logger('Connector');
  private readonly source: string;
  private readonly rules: DriftRules;

  constructor(
    @Inject(CONNECTOR_NAME) name: string,
    @Inject(BROKER_ADAPTER) private readonly adapter: BrokerAdapter,
    private readonly sessions: SessionSettings,
    private readonly requests: RequestSettings,
    private readonly reconciliation: ReconciliationSettings,
    drift: DriftSettings,
    private readonly intakeLimits: IntakeSettings,
    private readonly market: MarketSettings,
    private readonly intake: IntakeSender,
    private readonly commands: CommandClient,
    private readonly books: LogBooks,
    private readonly directory: AccountDirectory,
    private readonly venues: VenueRegistry,
    private readonly metrics: ConnectorMetrics,
    private readonly tracing: Tracing,
  ) {
    this.source = `${name}@${BUILD}`;
    this.rules = driftRules(drift);
  }

  connect(account: ListedAccount, { claimant, onSession }: AccountSurroundings): AccountConnector {
    const { id } = account;
    const { adapter, sessions, requests, market, intake, commands, directory, venues } = this;
    const { source, rules, metrics, log } = this;
    const clock = new SessionClock();
    const claims = this.claimsOf(id, claimant);
    const equity = new EquityMarks(sessions.equityMs, Math.min(sessions.equityMs, EQUITY_SOON_MS));
    const guard = new DriftGuard(id, { rules, commands, timeoutMs: requests.claimTimeoutMs, metrics, log, newId });
    const inbox = new Inbox({
      account: id,
      bufferedRecordsMax: sessions.bufferedRecordsMax,
      equity,
      metrics,
      log,
      now: clock.now,
      onOverflow: () => session.close('too many records wait'),
    });
    const start: SessionStart<AccountWork> = new SessionStart({
      account: id,
      source,
      intake,
      claims,
      inbox,
      clock,
      claimant,
      catalog: venues.catalogOf(account.venue),
      instrumentsMs: market.instrumentsMs,
      makeWork: () => (session.work = this.workOn({ account, clock, claims, guard, equity })),
    });
    const session: AccountSession = new AccountSession(account, {
      adapter,
      clock,
      inbox,
      start,
      metrics,
      log,
      claimant,
      onSession,
    });
    const loop = new SessionLoop({
      account: id,
      settings: sessions,
      clock: steadyClock,
      metrics,
      log,
      random: Math.random,
      credentials: () => directory.credentials(account),
      refused: (brokerCode, pauseMs) => start.refused(brokerCode, pauseMs),
      live: (attempt) => session.live(attempt),
    });
    return new AccountConnector(account, loop, session, guard);
  }

  /** For whoever claims without a session too. */
  claimsOf(account: AccountId, claimant: () => string): Claims {
    const { commands, requests, metrics } = this;
    return new Claims(commands, {
      account,
      timeoutMs: requests.claimTimeoutMs,
      newId,
      connector: claimant,
      observe: (ms) => metrics.claimed(ms),
    });
  }

  private workOn({ account, clock, claims, guard, equity }: Common): AccountWork {
    const { source, rules, intake, intakeLimits, requests, reconciliation, books, venues, metrics, log } = this;
    const { id, venue } = account;
    const catalog = venues.catalogOf(venue);
    const switches = venues.switchesOf(venue);
    const logBook = () => books.copy(id);
    const book = new OptimisticBook(logBook(), {
      account: id,
      source,
      intake,
      graceMs: reconciliation.graceMs,
      raceMs: reconciliation.raceMs,
      now: clock.now,
      contractOf: (instrument) => catalog.contractOf(instrument),
      onTold(facts) {
        for (const { type } of facts) metrics.told(type);
        switches.told(facts);
        if (facts.some(({ type }) => TRADES.includes(type))) equity.ask();
      },
    });
    const { tracker } = book;
    const emit = (facts: readonly Fact[]): void => book.emit(facts);
    const traces = new BrokerTraces(this.tracing, id);
    const executor = new Executor({
      tracker,
      now: clock.now,
      emit,
      settings: requests,
      clock: steadyClock,
      claims,
      prices: venues.pricesOf(venue),
      granted(request, claim) {
        venues.traded(venue, id);
        switches.asks(request, tracker.book);
        traces.granted(request, claim);
        book.dispatched(request, claim, clock.now());
      },
      mayClaim: () => !intake.saturated,
      observe(step, requestId) {
        metrics.command(step);
        traces.observe(step, requestId);
      },
    });
    const reconciler: Reconciler = new Reconciler({
      tracker,
      now: clock.now,
      emit,
      settings: reconciliation,
      rules,
      sinceSentMs: (request) => executor.sinceSentMs(request),
      learnInstruments: (session) => work.learnInstruments(session),
      onLook: (occasion, drifts, isClean) => guard.looked(occasion, drifts, isClean),
      onUnreadable(reason) {
        metrics.unreadable('snapshot');
        log.error({ accountId: id, reason, msg: 'a snapshot cannot be read: not reconciled' });
      },
    });
    const parts = { book, executor, reconciler, equity, clock, catalog, intake, intakeMax: intakeLimits.max, logBook };
    const work: AccountWork = new AccountWork(parts);
    return work;
  }
}
