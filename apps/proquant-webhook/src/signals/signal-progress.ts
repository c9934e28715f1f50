import { CommandClient } from '@core/bus/command-client';
import type { CommandBody } from '@core/contracts/command';
import type { AccountId, SignalId } from '@core/contracts/primitives';
import { BoundedMap } from '@core/kernel/bounded-map';
import { toMs } from '@core/kernel/instant';
import { RetryBackoff } from '@core/kernel/retry-backoff';
import { SingleFlights } from '@core/kernel/single-flight';
import { ProjectionRunner, type Frozen } from '@core/projection-runner/projection-runner';
import { accountStrategies, type SignalState } from '@core/projections/strategies';
import { now } from '@core/service/clock';
import { inBackground } from '@core/service/in-background';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SignalSettings } from '../config.ts';
import { AccountWatch, type LookedAtFor } from './account-watch.ts';
import { Integrations } from '../integrations.ts';
import { nextStep, type SignalStep } from './signal-step.ts';
import { UnsettledSignals } from './unsettled-signals.ts';
import { VenueOrders } from '../log/venue-orders.ts';

/** By far more signals than can be without an outcome at once. */
const SEEN_MAX = 10_000;

/**
 * Takes every signal to its end: the open leg after its close leg, then the record of what it came to.
 * What is to be done is read from the log alone, so that any instance goes on where another one stopped, and it does
 * not matter whether the sender still waits.
 */
@Injectable()
export class SignalProgress implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SignalProgress.name);
  private readonly underway = new SingleFlights<SignalId>();
  private readonly settling: RetryBackoff;
  /** Attempts to open after a close: a failed one and the next are a while apart, whatever is recorded in between. */
  private readonly opening: RetryBackoff;
  private readonly seen = new BoundedMap<SignalId, number>(SEEN_MAX);
  private readonly unsettled: UnsettledSignals;
  private watch: AccountWatch | undefined;

  constructor(
    private readonly runner: ProjectionRunner,
    private readonly commands: CommandClient,
    private readonly integrations: Integrations,
    private readonly orders: VenueOrders,
    private readonly settings: SignalSettings,
  ) {
    this.unsettled = new UnsettledSignals(runner);
    this.settling = new RetryBackoff(settings.lookMs, settings.stepPauseMaxMs);
    this.opening = new RetryBackoff(settings.lookMs, settings.stepPauseMaxMs);
  }

  onApplicationBootstrap(): void {
    this.watch = new AccountWatch(this.runner, (accounts, why) => this.look(accounts, why), this.settings.lookMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.watch?.stop();
    this.unsettled.stop();
    await this.underway.idle();
  }

  /** The open leg of a signal that is half done, at once, where it may be tried again; resolves when it was. */
  async openAgain(account: AccountId, id: SignalId): Promise<void> {
    const signal = this.runner.state(accountStrategies, account).signals[id];
    if (signal?.status !== 'half-done') return;
    const step = this.stepOf(signal);
    if (step) await this.begin(account, signal, step);
  }

  private look(accounts: Iterable<AccountId>, why: LookedAtFor): void {
    for (const account of accounts) {
      for (const signal of this.unsettled.of(account)) {
        const step = this.stepOf(signal);
        if (!step) this.settling.forget(signal.id);
        else if (why === 'events' && isExecuted(step)) continue;
        else if (!this.underway.has(signal.id) && this.isDue(signal.id, step))
          inBackground('a signal goes on', this.begin(account, signal, step));
      }
    }
  }

  private isDue(id: SignalId, step: NonNullable<SignalStep>): boolean {
    const backoff = step.step === 'continue' ? this.opening : this.settling;
    return backoff.mayTry(id, JSON.stringify(step), performance.now());
  }

  private stepOf(signal: Frozen<SignalState>): SignalStep {
    const sentMs = toMs(now()) - toMs(signal.signal.sentAt);
    const { unsettledMaxMs, maxSignalAgeMs, openingsMax } = this.settings;
    const age = { knownMs: this.ageMs(signal.id), sentMs };
    return nextStep(signal, age, { unsettledMaxMs, maxSignalAgeMs, openingsMax });
  }

  /** As long as it is known here: it is at least so old, whatever clocks say. */
  private ageMs(id: SignalId): number {
    const now = performance.now();
    const since = this.seen.get(id);
    if (since === undefined) this.seen.set(id, now);
    return now - (since ?? now);
  }

  /** One step of a signal at a time. What it led to arrives as events and is looked at then. */
  private begin(account: AccountId, signal: Frozen<SignalState>, step: NonNullable<SignalStep>): Promise<void> {
    return this.underway
      .run(signal.id, () => this.take(account, signal, step))
      .catch((error: unknown) => this.logger.warn({ err: error, signalId: signal.id, msg: 'to be tried again' }));
  }

  private async take(
    account: AccountId,
    { id, signal, status }: Frozen<SignalState>,
    step: NonNullable<SignalStep>,
  ): Promise<void> {
    const body = step.step === 'settle' ? settling(signal, step.outcome) : await this.continuation(signal);
    const { ledgerTimeoutMs: timeoutMs } = this.settings;
    const answer = await this.commands.ask(account, body, { correlation: id, timeoutMs });
    if (answer.ok && status === 'half-done') await this.runner.reached(answer.position, timeoutMs);
  }

  /** The open leg of a signal, by the mapping as it is now. While the market is not known none can be asked for. */
  private async continuation(signal: Frozen<SignalState>['signal']): Promise<CommandBody> {
    const integration = await this.integrations.find(signal.integrationId);
    if (!integration) return settling(signal, { result: 'refused', reason: 'integration-withdrawn', text: null });
    const order = this.orders.orderOf(signal, integration);
    if (order === 'unavailable') return settling(signal, NO_MARKET);
    if (!order) return settling(signal, { result: 'refused', reason: 'unknown-ticker', text: null });
    const { signalId, integrationId, strategyId } = signal;
    const data = { signalId, integrationId, strategyId, order, maxAgeMs: this.settings.maxSignalAgeMs };
    return { type: 'ContinueSignal', data };
  }
}

/** The ledger says so by itself with its next transaction, unless it ended before. */
const isExecuted = (step: NonNullable<SignalStep>): boolean =>
  step.step === 'settle' && step.outcome.result === 'executed';

const NO_MARKET = { result: 'refused', reason: 'not-executed', text: 'instruments-unavailable' } as const;

const settling = (
  { signalId, integrationId, strategyId }: Frozen<SignalState>['signal'],
  outcome: CommandBody<'SettleSignal'>['data']['outcome'],
): CommandBody => ({ type: 'SettleSignal', data: { signalId, integrationId, strategyId, outcome } });
