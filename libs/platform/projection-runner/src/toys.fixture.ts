// Small projections, a log and its feed, for specs: whatever is skipped, doubled or swapped shows in these states.
import type { RecordedEvent } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import type { FeedBatch } from '@core/contracts/feed';
import type { AccountId } from '@core/contracts/primitives';
import { MemoryEventLog } from '@core/event-log/memory-event-log';
import { fold, type Projection } from '@core/kernel/projection';
import fc from 'fast-check';
import type { SavedState, Snapshot, SnapshotKey, SnapshotStore } from './snapshots.ts';

export interface Seen {
  positions: number[];
  types: Record<string, number>;
}

/** Every position it was given, in the order it was given them. */
export const seenEvents: Projection<Seen, RecordedEvent> = {
  name: 'seen',
  version: 1,
  initial: () => ({ positions: [], types: {} }),
  evolve(state, { position, type }) {
    state.positions.push(position);
    state.types[type] = (state.types[type] ?? 0) + 1;
  },
};

/** The last event it was given. */
export const latest: Projection<{ id: string | null }, RecordedEvent> = {
  name: 'latest',
  version: 1,
  initial: () => ({ id: null }),
  evolve(state, { id }) {
    state.id = id;
  },
};

export const accounts: readonly AccountId[] = [exampleId(0xa1), exampleId(0xa2), exampleId(0xa3)];

export const batchOf = (events: readonly RecordedEvent[]): FeedBatch => ({
  first: events[0]?.position ?? 0,
  last: events.at(-1)?.position ?? 0,
  events,
  known: [],
  refused: [],
});

/** A log that tells what its feed would have said. */
export class TalkingLog extends MemoryEventLog {
  /** Commits as many events of some accounts, and returns the batch the ledger would broadcast. */
  async commit(subjects: readonly AccountId[]): Promise<FeedBatch> {
    const events = subjects.map((subject) => anEvent('EquityMarked', {}, { subject }));
    const recordedtime = '2026-01-05T10:00:00.000000Z';
    const { recorded } = await this.append({ events, answers: [], quarantined: [], checkpoint: null, recordedtime });
    return batchOf(recorded);
  }

  /** Commits `events` events of changing accounts. */
  commitSome(events: number): Promise<FeedBatch> {
    return this.commit(Array.from({ length: events }, (_, n) => accounts[n % accounts.length] ?? ''));
  }

  async all(): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of this.read(0)) events.push(...page);
    return events;
  }

  /** What a projection must hold of an account, by the definition of one. */
  async fold<State>(projection: Projection<State, RecordedEvent>, account: AccountId): Promise<State> {
    const events = await this.all();
    return fold(
      projection,
      events.filter(({ subject }) => subject === account),
    );
  }
}

/** What a lossy, repeating, reordering feed makes of batches of these sizes: indices of batches, as they arrive. */
export const anyFeed = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 })
  .chain((sizes) =>
    fc.record({ sizes: fc.constant(sizes), told: fc.array(fc.nat({ max: sizes.length - 1 }), { maxLength: 30 }) }),
  );

/** Snapshots as Postgres keeps them: the newer state of an account stays. */
export class MemorySnapshots implements SnapshotStore {
  readonly states = new Map<string, SavedState>();
  readonly checkpoints = new Map<string, number>();
  /** Called before a save takes effect; may throw. */
  onSave: (states: readonly SavedState[]) => void = () => undefined;

  async load({ name, version }: SnapshotKey): Promise<Snapshot | null> {
    const checkpoint = this.checkpoints.get(`${name}|${version}`);
    if (checkpoint === undefined) return null;
    const keys = [...this.states.keys()].filter((key) => key.startsWith(`${name}|${version}|`));
    const states = keys.flatMap((key) => this.states.get(key) ?? []);
    return {
      checkpoint,
      states: states.map(({ account, position, state }) => ({ account, position, text: () => state })),
    };
  }

  async save(...[states, checkpoint]: Parameters<SnapshotStore['save']>): Promise<void> {
    this.onSave(states);
    for (const state of states) {
      const key = `${state.name}|${state.version}|${state.account}`;
      if ((this.states.get(key)?.position ?? -1) < state.position) this.states.set(key, state);
    }
    for (const { name, version } of checkpoint?.keys ?? []) {
      const known = this.checkpoints.get(`${name}|${version}`) ?? 0;
      this.checkpoints.set(`${name}|${version}`, Math.max(known, checkpoint?.position ?? 0));
    }
  }

  async drop({ name, version }: SnapshotKey): Promise<void> {
    for (const key of this.states.keys()) if (key.startsWith(`${name}|${version}|`)) this.states.delete(key);
    this.checkpoints.delete(`${name}|${version}`);
  }
}
