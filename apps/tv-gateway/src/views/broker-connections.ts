import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { EdgeAdapters } from '@core/edge/edge-adapters';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { inBackground } from '@core/service/in-background';
import { tradingSession } from '@core/views/tradingview/session';
import { isExpecting } from '@core/views/tradingview/waiting';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

/** So often the connectors of accounts whose orders wait are asked; what is sent in less never is. */
const ASK_MS = 250;
/** Most questions at a time; the others wait for an answer. */
const QUESTIONS_MAX = 500;

/**
 * Which brokers are out of reach though the log does not say so: a connector that was killed says nothing any more.
 * Whoever holds an account is asked for as long as an order or a close of it waits; who does not answer in time leaves
 * it as it was.
 */
@Injectable()
export class BrokerConnections implements OnApplicationShutdown {
  /** Those of which something waits. */
  private readonly expecting = new Set<AccountId>();
  private readonly cutOff = new Set<AccountId>();
  private readonly listeners: ((account: AccountId) => void)[] = [];
  private readonly asking = new Set<AccountId>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly runner: ProjectionRunner,
    private readonly adapters: EdgeAdapters,
  ) {
    runner.onApplied((events) => this.applied(events));
    this.timer = setInterval(() => inBackground('asking whether brokers are connected', this.look()), ASK_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Something of the account may wait already. */
  watch(account: AccountId): void {
    this.expecting.add(account);
  }

  isCutOff(account: AccountId): boolean {
    return this.cutOff.has(account);
  }

  /** After the connection of an account came or went. */
  onChanged(listener: (account: AccountId) => void): void {
    this.listeners.push(listener);
  }

  /** Asks once of everything that waits; resolves with the answers, or with the time for them. */
  async look(): Promise<void> {
    const asked: Promise<void>[] = [];
    for (const account of this.expecting) {
      if (!this.isExpecting(account)) this.forget(account);
      else if (!this.asking.has(account) && this.asking.size < QUESTIONS_MAX) asked.push(this.ask(account));
    }
    await Promise.all(asked);
  }

  private applied(events: readonly RecordedEvent[]): void {
    for (const { type, subject } of events)
      if (type === 'OrderRequested' || type === 'CloseRequested') this.watch(subject);
  }

  private async ask(account: AccountId): Promise<void> {
    this.asking.add(account);
    const isConnected = await this.adapters.market.isConnected(account).finally(() => this.asking.delete(account));
    if (!this.expecting.delete(account)) return;
    this.expecting.add(account); // behind the others
    if (isConnected !== null) this.learn(account, isConnected);
  }

  private isExpecting(account: AccountId): boolean {
    return isExpecting(this.runner.state(tradingSession, account));
  }

  private forget(account: AccountId): void {
    this.expecting.delete(account);
    this.learn(account, true);
  }

  private learn(account: AccountId, isConnected: boolean): void {
    if (isConnected !== this.cutOff.has(account)) return;
    if (isConnected) this.cutOff.delete(account);
    else this.cutOff.add(account);
    for (const listener of this.listeners) listener(account);
  }
}
