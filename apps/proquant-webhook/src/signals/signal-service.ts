import { CommandClient, LedgerUnavailable } from '@core/bus/command-client';
import type { Answer } from '@core/contracts/command';
import type { Signal } from '@core/contracts/events/signal';
import type { SignalId } from '@core/contracts/primitives';
import { refusal, type Refusal, type RefusalReason } from '@core/contracts/refusal';
import { strategyKey } from '@core/contracts/strategy-key';
import { OrderLimit } from '@core/edge/order-limit';
import { backoffMs } from '@core/kernel/backoff';
import { KeyedQueue } from '@core/kernel/keyed-queue';
import { SingleFlights } from '@core/kernel/single-flight';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { misdirected, problemOfRefusal, unnamed, type Problem } from '@core/proquant/problem';
import type { Integration } from '@core/registry/entities';
import { withTimeout } from '@core/service/with-timeout';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { SignalSettings } from '../config.ts';
import { Outcomes } from '../log/outcomes.ts';
import { Integrations } from '../integrations.ts';
import { VenueOrders } from '../log/venue-orders.ts';
import { SignalProgress } from './signal-progress.ts';

/** Null is that all is well. */
export type SignalAnswer = Problem | null;

const BUSY = unnamed(503);
const TOO_MANY = unnamed(429);
/** Sent and not known what became of it: a false alarm can be corrected, silence after a failed close cannot. */
const OUTCOME_OPEN = unnamed(504);

/** What soon may be otherwise, for an entry; an exit waits for the end of a halt as well. */
const PASSING: ReadonlySet<RefusalReason> = new Set(['request-in-flight', 'instruments-unavailable', 'account-moving']);
const PASSING_FOR_EXITS: ReadonlySet<RefusalReason> = new Set([...PASSING, 'trading-halted']);

/**
 * Carries a signal to the ledger and waits for what becomes of it, as long as its sender does.
 * What is not settled by then is settled in the background; the same delivery again gets the same answer.
 *
 * An entry that cannot be asked for in time is turned away, and never happens after that. An exit is never turned away:
 * it keeps its strategy's turn until the ledger has taken it, whether or not its sender still waits.
 */
@Injectable()
export class SignalService implements BeforeApplicationShutdown {
  private readonly queue: KeyedQueue;
  private readonly underway = new SingleFlights<SignalId, SignalAnswer>();
  private readonly ending = new AbortController();

  constructor(
    private readonly commands: CommandClient,
    private readonly outcomes: Outcomes,
    private readonly runner: ProjectionRunner,
    private readonly orders: VenueOrders,
    private readonly settings: SignalSettings,
    private readonly limit: OrderLimit,
    private readonly progress: SignalProgress,
    private readonly integrations: Integrations,
  ) {
    this.queue = new KeyedQueue(settings.strategyQueueMax);
  }

  beforeApplicationShutdown(): void {
    this.ending.abort();
  }

  /** Whether a signal is being carried out or has been answered: its sender only repeats it. */
  knows({ accountId }: Integration, signalId: SignalId): boolean {
    return this.underway.has(signalId) || this.outcomes.of(accountId, signalId) !== null;
  }

  /** The same signal at the same time is one signal. `deadline` is of the clock of `performance`. */
  take(signal: Signal, integration: Integration, deadline: number): Promise<SignalAnswer> {
    const work = this.underway.run(signal.signalId, () => this.process(signal, integration, deadline));
    return signal.kind === 'open' ? work : withTimeout(work, leftOf(deadline), () => OUTCOME_OPEN);
  }

  /** What else is said of a strategy has its turn among its signals. */
  inTurn<Result>(strategy: Pick<Signal, 'integrationId' | 'strategyId'>, work: () => Promise<Result>): Promise<Result> {
    return this.queue.always(strategyKey(strategy), work);
  }

  private async process(signal: Signal, integration: Integration, deadline: number): Promise<SignalAnswer> {
    const known = this.outcomes.of(integration.accountId, signal.signalId);
    if (known === 'open') return this.follow(signal, integration, deadline);
    if (known) return known === 'handled' ? null : this.again(signal, integration, deadline);
    if (signal.kind !== 'open') return this.inTurn(signal, () => this.exit(signal, integration, deadline));
    return this.limit.take(integration.accountId) ? this.enter(signal, integration, deadline) : TOO_MANY;
  }

  /** Repeated by its sender: only an open leg that came to nothing, and not by the sender's doing, is tried again. */
  private async again(signal: Signal, integration: Integration, deadline: number): Promise<SignalAnswer> {
    await this.progress.openAgain(integration.accountId, signal.signalId);
    return this.follow(signal, integration, deadline);
  }

  private async enter(signal: Signal, integration: Integration, deadline: number): Promise<SignalAnswer> {
    let state: 'waiting' | 'begun' | 'turned-away' = 'waiting';
    const turn = this.queue.run(strategyKey(signal), async () => {
      if (state === 'turned-away') return { problem: BUSY };
      state = 'begun';
      return { problem: await this.entry(signal, integration, deadline) };
    });
    const answer = await withTimeout(turn, leftOf(deadline), () => {
      if (state === 'begun') return turn;
      state = 'turned-away';
      return null;
    });
    return answer === null ? BUSY : answer.problem;
  }

  /** A refusal that is soon over is tried again while there is time. */
  private async entry(signal: Signal, integration: Integration, deadline: number): Promise<SignalAnswer> {
    try {
      for (;;) {
        const refused = await this.attempt(signal, integration, leftOf(deadline));
        if (refused === null) return await this.follow(signal, integration, deadline);
        if (!PASSING.has(refused.reason) || leftOf(deadline) <= this.settings.retryPauseMs)
          return problemOfRefusal(refused);
        await pause(this.settings.retryPauseMs);
      }
    } catch (error) {
      if (error instanceof LedgerUnavailable) return OUTCOME_OPEN;
      throw error;
    }
  }

  /** Tried until the ledger takes it or says why it never will. */
  private async exit(signal: Signal, integration: Integration, deadline: number): Promise<SignalAnswer> {
    for (let count = 1; !this.ending.signal.aborted; count += 1) {
      try {
        const refused = await this.attempt(signal, integration, this.settings.ledgerTimeoutMs);
        if (refused === null) return await this.follow(signal, integration, deadline);
        if (!PASSING_FOR_EXITS.has(refused.reason)) return problemOfRefusal(refused);
        if (refused.reason === 'account-moving' && !(await this.isHere(integration))) return misdirected;
      } catch (error) {
        if (!(error instanceof LedgerUnavailable)) throw error;
      }
      const { retryPauseMs: minMs, lookMs: maxMs } = this.settings;
      await pause(backoffMs({ minMs, maxMs }, count), undefined, { signal: this.ending.signal }).catch(() => undefined);
    }
    return OUTCOME_OPEN;
  }

  /** Whether it is at home here still: of one that is not, the delivery goes on where it is. */
  private async isHere({ id }: Integration): Promise<boolean> {
    return (await this.integrations.find(id).catch(() => undefined)) !== null;
  }

  /** Null once the ledger has received it. A close needs no order of its own: it closes what there is. */
  private async attempt(signal: Signal, integration: Integration, timeoutMs: number): Promise<Refusal | null> {
    const order = this.orders.orderOf(signal, integration);
    if (order === 'unavailable' && signal.kind !== 'close') return refusal('instruments-unavailable');
    const data = { signal, order: order === 'unavailable' ? null : order, maxAgeMs: this.settings.maxSignalAgeMs };
    const asking = { id: signal.signalId, correlation: signal.signalId, timeoutMs };
    const answer: Answer = await this.commands.ask(integration.accountId, { type: 'ReceiveSignal', data }, asking);
    if (!answer.ok) return answer.refusal;
    await this.runner.reached(answer.position, timeoutMs);
    return null;
  }

  private async follow(signal: Signal, integration: Integration, deadline: number): Promise<SignalAnswer> {
    const verdict = await this.outcomes.settled(integration.accountId, signal.signalId, leftOf(deadline));
    if (verdict === 'open') return OUTCOME_OPEN;
    return verdict === 'handled' ? null : verdict;
  }
}

const leftOf = (deadline: number): number => Math.max(0, deadline - performance.now());
