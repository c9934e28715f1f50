import type { AccountId } from '@core/contracts/primitives';
import { SingleFlight } from '@core/kernel/single-flight';
import type { RunnerMetrics } from './metrics.ts';
import type { SavedState, SnapshotKey, SnapshotStore } from './snapshots.ts';

export interface SnapshotLimits {
  /** Time between rounds; a round without changes writes nothing. */
  readonly snapshotMs: number;
  /** Most bytes of states in one transaction, and of what is serialised without letting anyone else run. */
  readonly snapshotBytesMax: number;
  /** How long a stop goes on saving, however many states are left: the next start reads theirs from the log instead. */
  readonly snapshotStopMs: number;
}

export const snapshotLimits: SnapshotLimits = {
  snapshotMs: 30_000,
  snapshotBytesMax: 1_048_576,
  snapshotStopMs: 2_000,
};

/** The living states of one build of a projection. */
export interface LivingBuild {
  readonly key: SnapshotKey;
  /** Every event up to here is in the states. */
  readonly position: number;
  /** Undefined for an account it has not heard of. */
  state(account: AccountId): unknown;
}

/** The living states that rounds save. */
export interface Living {
  /** No build is behind it. */
  position(): number;
  builds(): readonly LivingBuild[];
  /** Whether everything that was folded by now stands in the log; false too where that cannot be asked. */
  isConfirmed(): Promise<boolean>;
}

/** The states hold what the log does not, or nobody could ask it: they are not kept, and the next round tries again. */
class Unconfirmed extends Error {}

/**
 * Saves changed states in rounds, in the background and in slices, while events go on changing them.
 * A slice may therefore hold later events than the one before; each state says how far it is, and the round's checkpoint
 * is where it began: everything up to there is saved once the last slice is. Nothing is saved before the log confirms it.
 */
export class SnapshotRounds {
  private dirty = new Set<AccountId>();
  private timer: NodeJS.Timeout | undefined;
  /** On the steady clock: no slice begins after it. */
  private endsAtMs = Infinity;
  private readonly rounds = new SingleFlight();

  constructor(
    private readonly store: SnapshotStore,
    private readonly limits: SnapshotLimits,
    private readonly metrics: RunnerMetrics,
    private readonly living: Living,
    private readonly onSaved: (states: readonly (SnapshotKey & SavedState)[]) => Promise<void> = async () => undefined,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      // A failed round is repeated with the next one; that the database is away is noticed by whoever reads the log.
      this.save().catch(() => this.metrics.saveFailed());
    }, this.limits.snapshotMs).unref();
  }

  changed(account: AccountId): void {
    this.dirty.add(account);
  }

  /** Saves what has changed since the last round; rejects when it could not, and keeps what was left for the next one. */
  save(): Promise<void> {
    return this.rounds.run(() => this.round());
  }

  /** Ends what is being saved, and all that would be, after the slice in which that time is over. */
  endWithin(ms: number = this.limits.snapshotStopMs): void {
    clearInterval(this.timer);
    this.endsAtMs = Math.min(this.endsAtMs, performance.now() + ms);
  }

  /** Saves once more, if that is true and so far as there is time, and ends. */
  async stop(): Promise<void> {
    this.endWithin();
    await this.rounds.idle();
    await this.save().catch((error: unknown) => {
      if (!(error instanceof Unconfirmed)) throw error;
      this.metrics.saveFailed();
    });
  }

  private async round(): Promise<void> {
    if (this.dirty.size === 0) return;
    const changed = [...this.dirty];
    const position = this.living.position();
    const begun = this.living.builds();
    this.dirty = new Set();
    let [next, saved] = [0, 0];
    try {
      while (next < changed.length && performance.now() < this.endsAtMs) {
        const slice: (SnapshotKey & SavedState)[] = [];
        const builds = this.stillLiving(begun);
        let bytes = 0;
        for (; next < changed.length && bytes < this.limits.snapshotBytesMax; next += 1)
          bytes += append(slice, builds, changed[next]);
        if (!(await this.living.isConfirmed())) throw new Unconfirmed('what was to be saved does not stand in the log');
        const keys = this.stillLiving(begun).map(({ key }) => key);
        await this.store.save(slice, next === changed.length ? { keys, position } : null);
        this.metrics.saved(slice.length, bytes);
        await this.onSaved(slice);
        saved = next;
      }
    } finally {
      for (const account of changed.slice(saved)) this.dirty.add(account);
    }
  }

  /** A build that joined since has its round with the next one, and one that left is true no longer. */
  private stillLiving(begun: readonly LivingBuild[]): readonly LivingBuild[] {
    const living = this.living.builds();
    return begun.filter((build) => living.includes(build));
  }
}

function append(
  slice: (SnapshotKey & SavedState)[],
  builds: readonly LivingBuild[],
  account: AccountId | undefined,
): number {
  if (account === undefined) return 0;
  let bytes = 0;
  for (const build of builds) {
    const state = build.state(account);
    if (state === undefined) continue;
    const text = JSON.stringify(state);
    slice.push({ ...build.key, account, position: build.position, state: text });
    bytes += text.length;
  }
  return bytes;
}
