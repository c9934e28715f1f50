import type { AccountId } from '@core/contracts/primitives';

/** The state of one account in one projection, as JSON text. It includes the account's events up to `position`. */
export interface SavedState {
  readonly account: AccountId;
  readonly position: number;
  readonly state: string;
}

/** The same as it comes back: most are of quiet accounts, and are not read before somebody asks. */
export interface LoadedState {
  readonly account: AccountId;
  readonly position: number;
  text(): string;
}

/** A projection at one version: states of different versions never meet. */
export interface SnapshotKey {
  readonly name: string;
  readonly version: number;
}

export interface Snapshot {
  /** Every event up to here is in the state of its account; single states may include later ones. */
  readonly checkpoint: number;
  readonly states: readonly LoadedState[];
}

/**
 * States that were saved on the way, so that a restart folds only what came after.
 * Processes that run the same projection share them: the newer state of an account stays, whoever saves it.
 */
export interface SnapshotStore {
  /** Null when this version was never saved as a whole. */
  load(key: SnapshotKey): Promise<Snapshot | null>;
  /** One transaction. `checkpoint` comes with the last states of a round, when all are saved up to it. */
  save(states: readonly (SnapshotKey & SavedState)[], checkpoint: Checkpoint | null): Promise<void>;
  /** Forgets a version as if it had never been saved. */
  drop(key: SnapshotKey): Promise<void>;
}

export interface Checkpoint {
  readonly keys: readonly SnapshotKey[];
  readonly position: number;
}
