import { LedgerUnavailable, type Asking, type CommandClient } from '@core/bus/command-client';
import type { CommandBody } from '@core/contracts/command';
import type { Drift } from '@core/contracts/events/account';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { isPassing } from '@core/contracts/refusal';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectorMetrics } from '../metrics.ts';
import { policiesOn, policyFor, commandFor, type DriftRules, type Occasion } from './drift-policy.ts';

export interface DriftGuardParts {
  readonly rules: DriftRules;
  readonly commands: Pick<CommandClient, 'ask'>;
  /** How long the ledger may take to answer. */
  readonly timeoutMs: number;
  readonly metrics: Pick<ConnectorMetrics, 'drifted'>;
  readonly log: Pick<Console, 'log' | 'warn' | 'error'>;
  newId(): Uuid;
}

const RETRY_MS = 1_000;
const LOGGED_MAX = 10;

/** Tells what reconciliation found, and carries out what the operator wants done about it. */
export class DriftGuard {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private carrying: CommandBody['type'] | null = null;
  /** Of the last look; true before the first. */
  isClean = true;

  constructor(
    private readonly account: AccountId,
    private readonly parts: DriftGuardParts,
  ) {}

  looked(occasion: Occasion, drifts: readonly Drift[], isClean: boolean): void {
    this.isClean = isClean;
    if (drifts.length === 0) return;
    const { account, parts } = this;
    const { rules, metrics, log, newId } = parts;
    const policies = policiesOn(occasion, rules);
    const policy = policyFor(drifts, policies);
    for (const { kind } of drifts) metrics.drifted(occasion, kind, policies[kind]);
    const seen = { accountId: account, occasion, policy, count: drifts.length, drifts: drifts.slice(0, LOGGED_MAX) };
    if (isClean) log.log({ ...seen, msg: 'caught up with the broker' });
    else log.warn({ ...seen, msg: 'drift' });

    const command = commandFor(policy, drifts);
    if (!command || command.type === this.carrying) return;
    const [id, correlation] = [newId(), newId()];
    this.carrying = command.type;
    const before = this.running;
    this.running = before.then(() => this.carryOut(command, { id, correlation, timeoutMs: parts.timeoutMs }));
  }

  /** Resolves when everything is carried out. */
  idle(): Promise<void> {
    return this.running;
  }

  /** Gives up what nobody has answered; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** An account that is to trade no further must not trade on because of a bad moment: again, until the ledger has answered for good. */
  private async carryOut(command: CommandBody, asking: Asking): Promise<void> {
    const { account: accountId, parts } = this;
    const { commands, log } = parts;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const answer = await commands.ask(accountId, command, asking);
        if (answer.ok) break;
        log.error({ accountId, command: command.type, ...answer.refusal, msg: 'a drift policy was refused' });
        if (!isPassing(answer.refusal.reason)) break;
      } catch (error) {
        if (!(error instanceof LedgerUnavailable)) throw error;
        log.error({ accountId, command: command.type, msg: 'a drift policy could not be carried out yet' });
      }
      await pause(RETRY_MS, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
    }
    this.carrying = null;
  }
}
