import type { RecordedEvent } from '@core/contracts/event';
import type { FeedBatch } from '@core/contracts/feed';
import { SYSTEM_ACCOUNT, type AccountId } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import { toMs } from '@core/kernel/instant';
import type { Projection } from '@core/kernel/projection';
import type { FeedAlarm } from './feed-alarm.ts';
import { followerLimits, LogFollower, type FollowerLimits } from './log-follower.ts';
import { noMetrics, type RunnerMetrics } from './metrics.ts';
import { SnapshotRounds, snapshotLimits, type SnapshotLimits } from './snapshot-rounds.ts';
import type { Snapshot, SnapshotStore } from './snapshots.ts';
import { Waiters } from './waiters.ts';

export type AnyProjection = Projection<unknown, RecordedEvent>;

export interface RunnerOptions {
  readonly log: EventLog;
  readonly projections: readonly AnyProjection[];
  /** Without them every start folds the whole log. */
  readonly snapshots?: SnapshotStore;
  readonly limits?: Partial<FollowerLimits & SnapshotLimits>;
  readonly metrics?: RunnerMetrics;
  readonly alarm?: Pick<FeedAlarm, 'raise'>;
  /** Following the log failed for good. The default throws, which ends the process: crash-only. */
  readonly onFailure?: (error: unknown) => void;
}

/** A state as its readers get it: alive, changing with the next event, and not theirs to change. */
export type Frozen<State> = State extends object ? { readonly [Key in keyof State]: Frozen<State[Key]> } : State;

/** Everything one account is to this process: its states in the order of the projections. */
interface AccountStates {
  readonly states: unknown[];
  /** Events up to here are in the state already, from a snapshot. */
  readonly through: number[];
}

/**
 * Keeps projections of all accounts in memory, equal to the fold of the log.
 *
 * ```ts
 * const runner = new ProjectionRunner({ log, projections: [accountOrders, accountPositions] });
 * await runner.start();
 * // @EventPattern(subjects.feed)
 * runner.offer(batch);
 * runner.state(accountOrders, accountId).orders;
 * ```
 */
export class ProjectionRunner {
  private accountStates = new Map<AccountId, AccountStates>();
  private readonly slots: ReadonlyMap<AnyProjection, number>;
  private readonly appliedListeners = new Set<(events: readonly RecordedEvent[]) => void>();
  private readonly eachListeners = new Set<(event: RecordedEvent) => void>();
  private readonly rewoundListeners = new Set<() => void>();
  private readonly waiters = new Waiters();
  private readonly follower: LogFollower;
  private readonly rounds: SnapshotRounds | null;
  private readonly metrics: RunnerMetrics;
  private isReady = false;

  constructor(private readonly options: RunnerOptions) {
    const limits = { ...followerLimits, ...snapshotLimits, ...options.limits };
    this.metrics = options.metrics ?? noMetrics;
    this.slots = new Map(options.projections.map((projection, slot) => [projection, slot]));
    this.follower = new LogFollower({
      log: options.log,
      limits,
      take: (events) => this.apply(events),
      rewind: (position) => this.rewind(position),
      onHealed: (events) => this.metrics.healed(events),
      onDisbelief: (why, detail) => options.alarm?.raise(why, detail),
      onFailure: options.onFailure ?? rethrow,
    });
    this.rounds = options.snapshots
      ? new SnapshotRounds(options.snapshots, options.projections, limits, this.metrics, {
          position: () => this.applied,
          states: (account) => this.accountStates.get(account)?.states ?? [],
          isConfirmed: () => this.follower.isConfirmed(),
        })
      : null;
  }

  private applied = 0;

  /** The last event that the states contain. */
  get position(): number {
    return this.applied;
  }

  /** Whether the states have once reached the head of the log. */
  get ready(): boolean {
    return this.isReady;
  }

  /** Fills the states from snapshots and the log; resolves when they are at its head. */
  async start(): Promise<void> {
    const after = await this.loadSnapshots(this.accountStates, Infinity);
    this.applied = after;
    await this.follower.start(after);
    this.isReady = true;
    this.rounds?.start();
  }

  /** Takes a batch of the feed, in whatever order batches come; holes are filled from the log. */
  offer(batch: FeedBatch): void {
    this.follower.offer(batch);
  }

  /** Takes what the log holds beyond what the feed has told. */
  check(): Promise<void> {
    return this.follower.check();
  }

  /** An account nobody has heard of has the initial state. System-wide events are under `SYSTEM_ACCOUNT`. */
  state<State>(projection: Projection<State, RecordedEvent>, account: AccountId): Frozen<State> {
    const slot = this.slots.get(projection);
    if (slot === undefined) throw new Error(`this runner does not fold ${projection.name}`);
    const states = this.accountStates.get(account)?.states;
    return (states ? states[slot] : projection.initial()) as Frozen<State>;
  }

  /** Accounts with events, in order of appearance. */
  *accounts(): Iterable<AccountId> {
    for (const account of this.accountStates.keys()) if (account !== SYSTEM_ACCOUNT) yield account;
  }

  /** Whether the states contain `position` within the time; true at once if they do. */
  reached(position: number, timeoutMs: number): Promise<boolean> {
    return position <= this.applied ? Promise.resolve(true) : this.waiters.wait(position, timeoutMs);
  }

  /**
   * After a batch that came once the runner was ready: the states contain all of it. Returns how to unsubscribe.
   * Listeners are called before `reached` is answered; what they throw ends following.
   */
  onApplied(listener: (events: readonly RecordedEvent[]) => void): () => void {
    this.appliedListeners.add(listener);
    return () => this.appliedListeners.delete(listener);
  }

  /** After each event that came once the runner was ready, with the states as of just this event. */
  onEach(listener: (event: RecordedEvent) => void): () => void {
    this.eachListeners.add(listener);
    return () => this.eachListeners.delete(listener);
  }

  /**
   * The feed had told what never happened: the states are as of an earlier position again, and what truly happened since
   * follows, to listeners too. What somebody made of the states or of single events meanwhile is to be made anew.
   */
  onRewound(listener: () => void): () => void {
    this.rewoundListeners.add(listener);
    return () => this.rewoundListeners.delete(listener);
  }

  /** Saves what has changed now instead of with the next round; rejects when it could not. */
  async snapshot(): Promise<void> {
    await this.rounds?.save();
  }

  /** Ends following and saves what has changed. */
  async stop(): Promise<void> {
    await this.follower.stop();
    this.waiters.giveUp();
    await this.rounds?.stop();
  }

  private apply(events: readonly RecordedEvent[]): void {
    const listening = this.isReady && this.eachListeners.size > 0;
    for (const event of events) {
      this.fold(this.accountStates, event);
      this.applied = event.position;
      this.rounds?.changed(event.subject);
      if (listening) for (const listener of this.eachListeners) listener(event);
    }
    if (this.isReady) for (const listener of this.appliedListeners) listener(events);
    this.waiters.reached(this.applied);
    const last = events.at(-1);
    if (last) this.metrics.taken(events.length, last.position, Date.now() - toMs(last.recordedtime));
  }

  /** Beside the living states, which others read meanwhile. */
  private async rewind(position: number): Promise<void> {
    const rewound = new Map<AccountId, AccountStates>();
    const after = await this.loadSnapshots(rewound, position);
    for await (const page of this.options.log.read(after)) {
      for (const event of page) if (event.position <= position) this.fold(rewound, event);
      if ((page.at(-1)?.position ?? position) >= position) break;
    }
    this.accountStates = rewound;
    this.applied = position;
    for (const listener of this.rewoundListeners) listener();
  }

  private fold(accounts: Map<AccountId, AccountStates>, event: RecordedEvent): void {
    const { projections } = this.options;
    const { states, through } = this.statesOf(accounts, event.subject);
    for (let slot = 0; slot < projections.length; slot += 1) {
      if (event.position > (through[slot] ?? 0)) projections[slot]?.evolve(states[slot], event);
    }
  }

  private statesOf(accounts: Map<AccountId, AccountStates>, account: AccountId): AccountStates {
    let known = accounts.get(account);
    if (!known) {
      const { projections } = this.options;
      known = { states: projections.map((each) => each.initial()), through: projections.map(() => 0) };
      accounts.set(account, known);
    }
    return known;
  }

  /** Where the log is to be read from: a projection without a snapshot is filled from the start beside the others. */
  private async loadSnapshots(accounts: Map<AccountId, AccountStates>, atMost: number): Promise<number> {
    const { projections, snapshots, log } = this.options;
    if (!snapshots) return 0;
    const head = await log.head();
    let after = Math.min(head, atMost);
    for (const [slot, projection] of projections.entries()) {
      const snapshot = await snapshots.load(projection);
      if (!snapshot || isFromBeyond(head, snapshot)) {
        if (snapshot) await snapshots.drop(projection);
        after = 0;
        continue;
      }
      after = Math.min(after, snapshot.checkpoint);
      for (const { account, position, state } of snapshot.states) {
        const known = this.statesOf(accounts, account);
        known.states[slot] = JSON.parse(state);
        known.through[slot] = position;
      }
    }
    return after;
  }
}

/** Saved from a log that went further than this one: another log, which this one replaced. */
const isFromBeyond = (head: number, { checkpoint, states }: Snapshot): boolean =>
  checkpoint > head || states.some(({ position }) => position > head);

function rethrow(error: unknown): never {
  throw error;
}
