import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import type { Projection } from '@core/kernel/projection';
import { snapshotKeyOf, type Build } from './releases.ts';
import type { LoadedState, Snapshot, SnapshotKey, SnapshotStore } from './snapshots.ts';
import { UnfoldableEvent } from './unfoldable-event.ts';

export type AnyProjection = Projection<unknown, RecordedEvent>;

interface AccountEntry {
  state: unknown;
  /** The state as it was saved, until somebody asks for it: most accounts are quiet, and no start waits for those. */
  saved: LoadedState | null;
  /** Events up to here are in the state already, from a snapshot. */
  readonly through: number;
}

/** The states of all accounts in one build of a projection. */
export class BuildStates implements Build {
  readonly key: SnapshotKey;
  readonly version: number;
  private entries = new Map<AccountId, AccountEntry>();
  private last = 0;

  constructor(
    readonly projection: AnyProjection,
    readonly build: number,
  ) {
    this.version = projection.version;
    this.key = snapshotKeyOf(projection.name, this);
  }

  /** Every event up to here is in the states. */
  get position(): number {
    return this.last;
  }

  /** What was saved, so far as it is of this log; nothing of it says more than up to `atMost`. */
  async load(snapshots: SnapshotStore, log: Pick<EventLog, 'head'>, atMost = Infinity): Promise<void> {
    const snapshot = await snapshots.load(this.key);
    if (!snapshot) return;
    // The log is asked afterwards: what others save meanwhile stands in it.
    if (isFromBeyond(await log.head(), snapshot)) return snapshots.drop(this.key);
    this.last = Math.min(snapshot.checkpoint, atMost);
    for (const saved of snapshot.states)
      this.entries.set(saved.account, { state: null, saved, through: saved.position });
  }

  /** Takes events in the order of the log; those it has are passed over. */
  take(event: RecordedEvent): void {
    if (event.position <= this.last) return;
    const entry = this.entryOf(event.subject);
    if (event.position > entry.through) this.evolve(stateOf(entry), event);
    this.last = event.position;
  }

  /** Becomes what another of the same build is, at once. */
  adopt({ entries, last }: BuildStates): void {
    this.entries = entries;
    this.last = last;
  }

  /** Undefined for an account nobody has heard of. */
  state(account: AccountId): unknown {
    const entry = this.entries.get(account);
    return entry && stateOf(entry);
  }

  /** In order of appearance. */
  accounts(): Iterable<AccountId> {
    return this.entries.keys();
  }

  private evolve(state: unknown, event: RecordedEvent): void {
    try {
      this.projection.evolve(state, event);
    } catch (cause) {
      throw new UnfoldableEvent(`${this.key.name} ${this.version}`, event, cause);
    }
  }

  private entryOf(account: AccountId): AccountEntry {
    let known = this.entries.get(account);
    if (!known) this.entries.set(account, (known = { state: this.projection.initial(), saved: null, through: 0 }));
    return known;
  }
}

function stateOf(entry: AccountEntry): unknown {
  if (entry.saved !== null) [entry.state, entry.saved] = [JSON.parse(entry.saved.text()), null];
  return entry.state;
}

/** Saved from a log that went further than this one: another log, which this one replaced. */
const isFromBeyond = (head: number, { checkpoint, states }: Snapshot): boolean =>
  checkpoint > head || states.some(({ position }) => position > head);
