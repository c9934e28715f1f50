import { CommandClient } from '@core/bus/command-client';
import type { CommandBody } from '@core/contracts/command';
import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId, SignalId } from '@core/contracts/primitives';
import { BoundedMap } from '@core/kernel/bounded-map';
import { RetryBackoff } from '@core/kernel/retry-backoff';
import { SingleFlights } from '@core/kernel/single-flight';
import { ProjectionRunner, type Frozen } from '@core/projection-runner/projection-runner';
import { accountStrategies, type SignalState } from '@core/projections/strategies';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SignalSettings } from '../config.ts';
import { Integrations } from '../integrations.ts';
import { nextStep, type SignalStep } from './signal-step.ts';
import { VenueOrders } from '../log/venue-orders.ts';

/** By far more signals than can be without an outcome at once. */
const SEEN_MAX = 10_000;

/**
 * Takes every signal to its end: the open leg of a reopen, then the record of what it came to.
 * What is to be done is read from the log alone, so that any instance goes on where another one stopped, and it does
 * not matter whether the sender still waits.
 */
@Injectable()
export class SignalProgress implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SignalProgress.name);
  private readonly underway = new SingleFlights<SignalId>();
  private readonly backoff: RetryBackoff;
  private readonly seen = new BoundedMap<SignalId, number>(SEEN_MAX);
  private timer: NodeJS.Timeout | undefined;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly runner: ProjectionRunner,
    private readonly commands: CommandClient,
    private readonly integrations: Integrations,
    private readonly orders: VenueOrders,
    private readonly settings: SignalSettings,
  ) {
    this.backoff = new RetryBackoff(settings.lookMs, settings.stepPauseMaxMs);
  }

  onApplicationBootstrap(): void {
    this.unsubscribe = this.runner.onApplied((events) => this.applied(events));
    this.timer = setInterval(() => this.look(this.runner.accounts()), this.settings.lookMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.unsubscribe();
    await this.underway.idle();
  }

  /** Signals that have no outcome yet, those of unknown outcome included. */
  *unsettled(account: AccountId): Iterable<Frozen<SignalState>> {
    for (const signal of Object.values(this.runner.state(accountStrategies, account).signals)) {
      if (signal.status === 'in-progress' || signal.status === 'unknown') yield signal;
    }
  }

  private applied(events: readonly RecordedEvent[]): void {
    this.look(new Set(events.map(({ subject }) => subject)));
  }

  private look(accounts: Iterable<AccountId>): void {
    for (const account of accounts) {
      for (const signal of this.unsettled(account)) {
        const step = nextStep(signal, this.ageMs(signal.id), this.settings.unsettledMaxMs);
        if (!step) this.backoff.forget(signal.id);
        else if (
          !this.underway.has(signal.id) &&
          this.backoff.mayTry(signal.id, JSON.stringify(step), performance.now())
        )
          this.begin(account, signal, step);
      }
    }
  }

  /** As long as it is known here: it is at least so old, whatever clocks say. */
  private ageMs(id: SignalId): number {
    const now = performance.now();
    const since = this.seen.get(id);
    if (since === undefined) this.seen.set(id, now);
    return now - (since ?? now);
  }

  /** One step of a signal at a time. What it led to arrives as events and is looked at then. */
  private begin(account: AccountId, signal: Frozen<SignalState>, step: NonNullable<SignalStep>): void {
    this.underway
      .run(signal.id, () => this.take(account, signal, step))
      .catch((error: unknown) => this.logger.warn({ err: error, signalId: signal.id, msg: 'to be tried again' }));
  }

  private async take(
    account: AccountId,
    { id, signal }: Frozen<SignalState>,
    step: NonNullable<SignalStep>,
  ): Promise<void> {
    const body = step.step === 'settle' ? settling(signal, step.outcome) : await this.continuation(signal);
    const asking = { correlation: id, timeoutMs: this.settings.ledgerTimeoutMs };
    if (body) await this.commands.ask(account, body, asking);
  }

  /** The open leg of a reopen, by the mapping as it is now; null while the market is not known. */
  private async continuation(signal: Frozen<SignalState>['signal']): Promise<CommandBody | null> {
    const integration = await this.integrations.find(signal.integrationId);
    if (!integration) return settling(signal, { result: 'refused', reason: 'integration-withdrawn', text: null });
    const order = this.orders.orderOf(signal, integration);
    if (order === 'unavailable') return null;
    if (!order) return settling(signal, { result: 'refused', reason: 'unknown-ticker', text: null });
    const { signalId, integrationId, strategyId } = signal;
    const data = { signalId, integrationId, strategyId, order, maxAgeMs: this.settings.maxSignalAgeMs };
    return { type: 'ContinueSignal', data };
  }
}

const settling = (
  { signalId, integrationId, strategyId }: Frozen<SignalState>['signal'],
  outcome: CommandBody<'SettleSignal'>['data']['outcome'],
): CommandBody => ({ type: 'SettleSignal', data: { signalId, integrationId, strategyId, outcome } });
