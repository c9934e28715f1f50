import { CommandClient, LedgerUnavailable } from '@core/bus/command-client';
import { OrderLimit } from '@core/edge/order-limit';
import type { Signal } from '@core/contracts/events/signal';
import type { SignalId } from '@core/contracts/primitives';
import type { RefusalReason } from '@core/contracts/refusal';
import { strategyKey } from '@core/contracts/strategy-key';
import { KeyedQueue } from '@core/kernel/keyed-queue';
import { SingleFlights } from '@core/kernel/single-flight';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { problemOfRefusal, unnamed, type Problem } from '@core/proquant/problem';
import type { Integration } from '@core/registry/entities';
import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { HookSettings, SignalSettings } from '../config.ts';
import { Outcomes } from '../log/outcomes.ts';
import { VenueOrders } from '../log/venue-orders.ts';

/** Null is that all is well. */
export type SignalAnswer = Problem | null;

const BUSY = unnamed(503);
const TOO_MANY = unnamed(429);
/** Sent and not known what became of it: a false alarm can be corrected, silence after a failed close cannot. */
const OUTCOME_OPEN = unnamed(504);

/**
 * Carries a signal to the ledger and waits for what becomes of it, as long as its sender does.
 * What is not settled by then is settled in the background; the same delivery again gets the same answer.
 */
@Injectable()
export class SignalService {
  private readonly queue: KeyedQueue;
  private readonly underway = new SingleFlights<SignalId, SignalAnswer>();

  constructor(
    private readonly commands: CommandClient,
    private readonly outcomes: Outcomes,
    private readonly runner: ProjectionRunner,
    private readonly orders: VenueOrders,
    private readonly settings: SignalSettings,
    private readonly hooks: HookSettings,
    private readonly limit: OrderLimit,
  ) {
    this.queue = new KeyedQueue(settings.strategyQueueMax);
  }

  /** Whether a signal is being carried out or has been answered: its sender only repeats it. */
  knows({ accountId }: Integration, signalId: SignalId): boolean {
    return this.underway.has(signalId) || this.outcomes.of(accountId, signalId) !== null;
  }

  /** The same signal at the same time is one signal. */
  take(signal: Signal, integration: Integration): Promise<SignalAnswer> {
    return this.underway.run(signal.signalId, () => this.process(signal, integration));
  }

  private async process(signal: Signal, integration: Integration): Promise<SignalAnswer> {
    const deadline = performance.now() + this.hooks.deadlineMs;
    const known = this.outcomes.of(integration.accountId, signal.signalId);
    if (known === 'open') return this.follow(signal, integration, deadline);
    if (known) return known === 'handled' ? null : known;
    if (signal.kind === 'open' && !this.limit.take(integration.accountId)) return TOO_MANY;
    const answer = await this.queue.run(strategyKey(signal), () => this.carry(signal, integration, deadline));
    return answer === null ? BUSY : answer.problem;
  }

  private async carry(
    signal: Signal,
    integration: Integration,
    deadline: number,
  ): Promise<{ readonly problem: SignalAnswer }> {
    try {
      const refusal = await this.send(signal, integration, deadline);
      return { problem: refusal ? problemOfRefusal(refusal) : await this.follow(signal, integration, deadline) };
    } catch (error) {
      if (error instanceof LedgerUnavailable) return { problem: OUTCOME_OPEN };
      throw error;
    }
  }

  /** Null once the ledger has received it. A refusal that is soon over is tried again while there is time. */
  private async send(signal: Signal, integration: Integration, deadline: number): Promise<RefusalReason | null> {
    for (;;) {
      const refusal = await this.attempt(signal, integration, deadline);
      if (refusal !== 'request-in-flight' && refusal !== 'instruments-unavailable') return refusal;
      if (deadline - performance.now() <= this.settings.retryPauseMs) return refusal;
      await pause(this.settings.retryPauseMs);
    }
  }

  /** A close needs no order of its own: it closes what there is. */
  private async attempt(signal: Signal, integration: Integration, deadline: number): Promise<RefusalReason | null> {
    const order = this.orders.orderOf(signal, integration);
    if (order === 'unavailable' && signal.kind !== 'close') return 'instruments-unavailable';
    const data = { signal, order: order === 'unavailable' ? null : order, maxAgeMs: this.settings.maxSignalAgeMs };
    const asking = { id: signal.signalId, correlation: signal.signalId, timeoutMs: deadline - performance.now() };
    const answer = await this.commands.ask(integration.accountId, { type: 'ReceiveSignal', data }, asking);
    if (!answer.ok) return answer.refusal.reason;
    await this.runner.reached(answer.position, deadline - performance.now());
    return null;
  }

  private async follow(signal: Signal, integration: Integration, deadline: number): Promise<SignalAnswer> {
    const left = Math.max(0, deadline - performance.now());
    const verdict = await this.outcomes.settled(integration.accountId, signal.signalId, left);
    if (verdict === 'open') return OUTCOME_OPEN;
    return verdict === 'handled' ? null : verdict;
  }
}
