import type { RecordedEvent } from '@core/contracts/event';
import type { Clearing } from '@core/contracts/events/operations';
import { SYSTEM_ACCOUNT, type AccountId, type Uuid } from '@core/contracts/primitives';
import { clearingWishes } from '@core/domain/clearing';
import { inBackground } from '@core/service/in-background';
import { setTimeout as pause } from 'node:timers/promises';
import type { Aggregates } from './aggregates.ts';
import type { SubmitOwn } from './submit-own.ts';

export interface KillSwitchParts {
  readonly aggregates: Pick<Aggregates, 'hold' | 'release' | 'peek'>;
  readonly newId: () => Uuid;
  readonly submit: SubmitOwn;
}

/** Of whose story it is that an account is cleared, and through which event; null after a start. */
interface Reason {
  readonly correlationid: Uuid;
  readonly cause: Uuid | null;
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
  private readonly waiting = new Map<AccountId, Reason>();
  private lanes = 0;
  private isStopped = false;

  constructor(private readonly parts: KillSwitchParts) {}

  /** After a start: a halt of everyone goes on clearing where the ledger before was stopped. */
  begin(accounts: Iterable<AccountId>): void {
    if (!this.clearingOf(SYSTEM_ACCOUNT)) return;
    for (const account of accounts) this.clear(account, { correlationid: this.parts.newId(), cause: null });
  }

  /** `accounts` are all there are. */
  committed(event: RecordedEvent, accounts: Iterable<AccountId>): void {
    const { subject, correlationid, id: cause } = event;
    const reason = { correlationid, cause };
    switch (event.type) {
      case 'TradingHalted':
        if (event.data.clearing === undefined) return;
        for (const account of subject === SYSTEM_ACCOUNT ? accounts : [subject]) this.clear(account, reason);
        return;
      case 'OrderWorking':
      case 'PositionOpened':
      case 'AccountReconciled':
      // Whoever moves is asked nothing meanwhile.
      case 'AccountArrived':
      case 'AccountMoveTakenBack':
        if (this.clearingOf(subject) ?? this.clearingOf(SYSTEM_ACCOUNT)) this.clear(subject, reason);
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

  private clear(account: AccountId, reason: Reason): void {
    if (account === SYSTEM_ACCOUNT || this.isStopped) return;
    this.waiting.set(account, reason);
    if (this.lanes < LANES) inBackground('clearing accounts', this.work());
  }

  private async work(): Promise<void> {
    this.lanes += 1;
    try {
      for (const [account, reason] of this.waiting) {
        this.waiting.delete(account);
        const isClear = await this.clearOne(account, reason).catch(() => false);
        if (!isClear && !this.isStopped) {
          await pause(AGAIN_MS);
          this.waiting.set(account, reason);
        }
      }
    } finally {
      this.lanes -= 1;
    }
  }

  /** Whether the ledger took everything; a refusal is an answer, and a late order tells of itself. */
  private async clearOne(subject: AccountId, { correlationid, cause }: Reason): Promise<boolean> {
    const { aggregates, submit } = this.parts;
    const { state } = await aggregates.hold(subject);
    try {
      const clearing = wider(state.risk.clearing, this.clearingOf(SYSTEM_ACCOUNT));
      if (clearing === null) return true;
      const asked = clearingWishes(state, clearing).map((wish) => submit({ subject, correlationid, ...wish }, cause));
      return (await Promise.allSettled(asked)).every(({ status }) => status === 'fulfilled');
    } finally {
      aggregates.release(subject);
    }
  }
}

const wider = (one: Clearing | null, other: Clearing | null): Clearing | null =>
  one === 'orders-and-positions' ? one : (other ?? one);
