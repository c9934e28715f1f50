import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import { noMetrics } from './metrics.ts';
import type { BuildStates } from './build-states.ts';
import { SnapshotRounds, type SnapshotLimits } from './snapshot-rounds.ts';
import type { SnapshotStore } from './snapshots.ts';

export interface FillParts {
  readonly log: EventLog;
  readonly snapshots: SnapshotStore | undefined;
  readonly limits: SnapshotLimits;
}

/**
 * Fills a build from the log at full speed, beside what is served, saving on the way, so that a fill that was cut short
 * goes on from there. What the living hear meanwhile waits, so that none of it is missed at the end.
 */
export class BuildFill {
  private readonly stopping = new AbortController();
  /** What is heard while the last of the log is read; null before. */
  private heard: RecordedEvent[] | null = null;
  private unsaved = new Set<AccountId>();
  private readonly rounds: SnapshotRounds | null;

  constructor(
    readonly filled: BuildStates,
    private readonly parts: FillParts,
  ) {
    this.rounds = parts.snapshots ? savingTo(parts.snapshots, filled, parts.limits) : null;
  }

  /** What the living take, in the order of the log. */
  hear(event: RecordedEvent): void {
    this.heard?.push(event);
  }

  /** Accounts whose states were saved before their last event. */
  get changed(): Iterable<AccountId> {
    return this.unsaved;
  }

  /** When the states are where the living are, `arrived` is called, in the same breath; unless it was stopped before. */
  async run(arrived: () => void): Promise<void> {
    const { log, snapshots } = this.parts;
    if (snapshots) await this.filled.load(snapshots, log);
    await this.fill();
    this.heard = [];
    await this.read((account) => this.unsaved.add(account));
    if (this.stopping.signal.aborted) return;
    for (const event of this.heard) {
      this.filled.take(event);
      this.unsaved.add(event.subject);
    }
    arrived();
  }

  stop(): void {
    this.stopping.abort();
    this.rounds?.endWithin(0);
  }

  private async fill(): Promise<void> {
    const { rounds } = this;
    let savedMs = performance.now();
    const saveWhenDue = async (): Promise<void> => {
      if (performance.now() - savedMs < this.parts.limits.snapshotMs) return;
      await rounds?.save();
      savedMs = performance.now();
    };
    await this.read((account) => rounds?.changed(account), saveWhenDue);
    if (!this.stopping.signal.aborted) await rounds?.save();
  }

  private async read(changed: (account: AccountId) => void, afterPage?: () => Promise<void>): Promise<void> {
    if (this.stopping.signal.aborted) return;
    for await (const page of this.parts.log.read(this.filled.position)) {
      for (const event of page) {
        this.filled.take(event);
        changed(event.subject);
      }
      if (this.stopping.signal.aborted) return;
      await afterPage?.();
    }
  }
}

const savingTo = (snapshots: SnapshotStore, states: BuildStates, limits: SnapshotLimits): SnapshotRounds =>
  new SnapshotRounds(snapshots, limits, noMetrics, {
    position: () => states.position,
    builds: () => [states],
    isConfirmed: () => Promise.resolve(true),
  });
