import type { BrokerLook } from '@core/contracts/broker-look';
import type { RecordedEvent } from '@core/contracts/event';
import type { Uuid } from '@core/contracts/primitives';
import type { DriftGuard } from '../drift/drift-guard.ts';
import type { ListedAccount } from './account-directory.ts';
import type { AccountSession } from './account-session.ts';
import type { AccountStatus, SessionLoop } from './session-loop.ts';

/** Connects one account for as long as this instance holds its lease: sessions come and go, what is believed stays. */
export class AccountConnector {
  constructor(
    private listed: ListedAccount,
    private readonly loop: SessionLoop,
    private readonly session: AccountSession,
    private readonly guard: DriftGuard,
  ) {}

  /** As the registry had it when it was connected, or its password last changed. */
  get account(): ListedAccount {
    return this.listed;
  }

  get status(): AccountStatus {
    return this.loop.status;
  }

  /** Whether the last look at the broker found what it should. */
  get isClean(): boolean {
    return this.guard.isClean;
  }

  start(): void {
    this.loop.start();
  }

  /** Ends the session; what was told is still on its way to the log. */
  async stop(reason: string): Promise<void> {
    await Promise.all([this.loop.stop(reason), this.guard.stop()]);
  }

  /** The password has changed: tries again at once what was refused, or is just being refused. */
  retry(now: ListedAccount): void {
    this.listed = now;
    this.loop.retry();
  }

  /** What stands at the broker, compared with the log now, for an operator. */
  look(): Promise<BrokerLook> {
    return this.session.look();
  }

  /** An event of this account in the log, with the fold as of just this event. */
  learn(event: RecordedEvent): void {
    this.session.learn(event);
  }

  /** What it learnt of the log lately may never have happened. */
  rewound(): void {
    this.session.rewound();
  }

  /** The log will never hold an event of ours. */
  refused(eventId: Uuid): void {
    this.session.refused(eventId);
  }
}
