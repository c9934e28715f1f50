import type { Answer, Command } from '@core/contracts/command';
import type { RecordedEvent } from '@core/contracts/event';
import type { Clearing } from '@core/contracts/events/operations';
import { SYSTEM_ACCOUNT, type AccountId, type Instant, type Uuid } from '@core/contracts/primitives';
import { clearingWishes } from '@core/domain/clearing';
import { inBackground } from '@core/service/in-background';
import { setTimeout as pause } from 'node:timers/promises';
import type { Aggregates } from './aggregates.ts';

export interface KillSwitchParts {
  readonly aggregates: Pick<Aggregates, 'hold' | 'release' | 'peek'>;
  readonly now: () => Instant;
  readonly newId: () => Uuid;
  readonly source: string;
  submit(command: Command): Promise<Answer>;
}

/** Accounts cleared at the same time; each is read from the log where it is not in memory. */
const LANES = 8;
/** Until it is tried again where the ledger was too busy. */
const AGAIN_MS = 250;

/**
 * Carries out what a halt is to clear: cancels what stands, and closes what is open where that was asked for. As long as
 * the halt lasts this holds for what turns up late too, such as an order that was on its way when the switch was pulled.
 */
export class KillSwitch {
  private readonly waiting = new Map<AccountId, Uuid>();
  private lanes = 0;
  private isStopped = false;

  constructor(private readonly parts: KillSwitchParts) {}

  /** After a start: a halt of everyone goes on clearing where the ledger before was stopped. */
  begin(accounts: Iterable<AccountId>): void {
    if (this.clearingOf(SYSTEM_ACCOUNT)) for (const account of accounts) this.clear(account, this.parts.newId());
  }

  /** `accounts` are all there are. */
  committed(event: RecordedEvent, accounts: Iterable<AccountId>): void {
    const { subject, correlationid } = event;
    switch (event.type) {
      case 'TradingHalted':
        if (event.data.clearing === undefined) return;
        for (const account of subject === SYSTEM_ACCOUNT ? accounts : [subject]) this.clear(account, correlationid);
        return;
      case 'OrderWorking':
      case 'PositionOpened':
      case 'AccountReconciled':
        if (this.clearingOf(subject) ?? this.clearingOf(SYSTEM_ACCOUNT)) this.clear(subject, correlationid);
        return;
    }
  }

  stop(): void {
    this.isStopped = true;
    this.waiting.clear();
  }

  private clearingOf(account: AccountId): Clearing | null {
    return this.parts.aggregates.peek(account)?.state.risk.clearing ?? null;
  }

  private clear(account: AccountId, correlationid: Uuid): void {
    if (account === SYSTEM_ACCOUNT || this.isStopped) return;
    this.waiting.set(account, correlationid);
    if (this.lanes < LANES) inBackground('clearing accounts', this.work());
  }

  private async work(): Promise<void> {
    this.lanes += 1;
    try {
      for (const [account, correlationid] of this.waiting) {
        this.waiting.delete(account);
        const isClear = await this.clearOne(account, correlationid).catch(() => false);
        if (!isClear && !this.isStopped) {
          await pause(AGAIN_MS);
          this.waiting.set(account, correlationid);
        }
      }
    } finally {
      this.lanes -= 1;
    }
  }

  /** Whether the ledger took everything; a refusal is an answer, and a late order tells of itself. */
  private async clearOne(subject: AccountId, correlationid: Uuid): Promise<boolean> {
    const { aggregates, now, newId, source, submit } = this.parts;
    const { state } = await aggregates.hold(subject);
    try {
      const clearing = wider(state.risk.clearing, this.clearingOf(SYSTEM_ACCOUNT));
      if (clearing === null) return true;
      const envelope = { source, subject, time: now(), correlationid };
      const asked = clearingWishes(state, clearing).map((wish) => submit({ ...envelope, commandid: newId(), ...wish }));
      return (await Promise.allSettled(asked)).every(({ status }) => status === 'fulfilled');
    } finally {
      aggregates.release(subject);
    }
  }
}

const wider = (one: Clearing | null, other: Clearing | null): Clearing | null =>
  one === 'orders-and-positions' ? one : (other ?? one);
