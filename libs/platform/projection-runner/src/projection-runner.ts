import type { RecordedEvent } from '@core/contracts/event';
import type { FeedBatch } from '@core/contracts/feed';
import { SYSTEM_ACCOUNT, type AccountId } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import { toMs } from '@core/kernel/instant';
import type { Projection } from '@core/kernel/projection';
import { progressLine } from '@core/kernel/progress-line';
import { BuildStates, type AnyProjection } from './build-states.ts';
import type { FeedAlarm } from './feed-alarm.ts';
import { followerLimits, type FollowerLimits } from './follower-limits.ts';
import { LogFollower } from './log-follower.ts';
import { noMetrics, type RunnerMetrics } from './metrics.ts';
import { SnapshotRounds, snapshotLimits, type SnapshotLimits } from './snapshot-rounds.ts';
import type { SavedState, SnapshotKey, SnapshotStore } from './snapshots.ts';
import { ReleasedProjection, type ReleaseParts } from './released-projection.ts';
import type { ReleaseDecision, ReleaseReport } from './releases.ts';
import { Waiters } from './waiters.ts';

export interface RunnerOptions {
  readonly log: EventLog;
  /** Several of one name are versions of it: the first is served until an operator decides otherwise. */
  readonly projections: readonly AnyProjection[];
  /** What operators decided by now; nothing where it is left out. */
  readonly decisions?: () => Promise<readonly ReleaseDecision[]>;
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
  private readonly released: ReadonlyMap<string, ReleasedProjection>;
  private readonly appliedListeners = new Set<(events: readonly RecordedEvent[]) => void>();
  private readonly eachListeners = new Set<(event: RecordedEvent) => void>();
  private readonly replacedListeners = new Set<() => void>();
  private readonly savedListeners = new Set<(states: readonly (SnapshotKey & SavedState)[]) => Promise<void>>();
  private readonly waiters = new Waiters();
  private readonly follower: LogFollower;
  private readonly rounds: SnapshotRounds | null;
  private readonly metrics: RunnerMetrics;
  private isReady = false;

  constructor(private readonly options: RunnerOptions) {
    const limits = { ...followerLimits, ...snapshotLimits, ...options.limits };
    this.metrics = options.metrics ?? noMetrics;
    this.released = releasedOf(options.projections, {
      fill: { log: options.log, snapshots: options.snapshots, limits },
      position: () => this.applied,
      changed: (account) => this.rounds?.changed(account),
      onServed: () => this.tellReplaced(),
    });
    this.follower = new LogFollower({
      log: options.log,
      limits,
      take: (events) => this.apply(events),
      rewind: (position) => this.rewind(position),
      onHealed: (events) => this.metrics.healed(events),
      onDisbelief: (why, detail) => options.alarm?.raise(why, detail),
      onFailure: options.onFailure ?? rethrow,
    });
    this.metrics.watch(() => this.follower.behindMs);
    this.rounds = options.snapshots
      ? new SnapshotRounds(
          options.snapshots,
          limits,
          this.metrics,
          {
            position: () => this.applied,
            builds: () => this.living(),
            isConfirmed: () => this.follower.isConfirmed(),
          },
          async (states) => {
            for (const listener of this.savedListeners) await listener(states);
          },
        )
      : null;
  }

  private applied = 0;
  /** Where reading began, and when, on the steady clock. */
  private begun = { after: 0, atMs: performance.now() };

  /** The last event that the states contain. */
  get position(): number {
    return this.applied;
  }

  /** Whether the states have once reached the head of the log. */
  get ready(): boolean {
    return this.isReady;
  }

  /** Throws until the states have once reached the head of the log: how far they are, and how long it will take. */
  async requireRead(): Promise<void> {
    if (this.isReady) return;
    const { after, atMs } = this.begun;
    const more = (await this.options.log.head()) - after;
    const line = progressLine('events', this.applied - after, more, performance.now() - atMs);
    throw new Error(`still reading the log: ${line}`);
  }

  /** Fills the states from snapshots and the log; resolves when they are at its head. */
  async start(): Promise<void> {
    const { decisions, log, snapshots } = this.options;
    if (decisions) this.decide(await decisions());
    for (const each of this.released.values()) each.begin();
    const after = snapshots ? await loaded(snapshots, this.living(), log) : 0;
    this.applied = after;
    this.begun = { after, atMs: performance.now() };
    await this.follower.start(after);
    this.isReady = true;
    this.rounds?.start();
    for (const each of this.released.values()) each.follow();
  }

  /** Takes what operators decided: builds are filled beside what is served, and what is served changes at once. */
  decide(decisions: readonly ReleaseDecision[]): void {
    for (const each of this.released.values()) {
      each.decide(decisions);
      if (this.isReady) each.follow();
    }
  }

  /** How far the builds of each projection are. */
  releases(): readonly ReleaseReport[] {
    return [...this.released.values()].map((each) => each.report());
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
    const served = this.released.get(projection.name)?.served;
    if (!served) throw new Error(`this runner does not fold ${projection.name}`);
    return (served.state(account) ?? served.projection.initial()) as Frozen<State>;
  }

  /** Accounts with events, in order of appearance. */
  *accounts(): Iterable<AccountId> {
    const [any] = this.living();
    for (const account of any?.accounts() ?? []) if (account !== SYSTEM_ACCOUNT) yield account;
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
   * The states are others at once: those of another build, or as of an earlier position again, where the feed had told
   * what never happened; what truly happened since follows then, to listeners too. What somebody made of the states or
   * of single events meanwhile is to be made anew.
   */
  onReplaced(listener: () => void): () => void {
    this.replacedListeners.add(listener);
    return () => this.replacedListeners.delete(listener);
  }

  /** After some states were saved, which stand in the log; what a listener rejects with is the round's failure. */
  onSaved(listener: (states: readonly (SnapshotKey & SavedState)[]) => Promise<void>): () => void {
    this.savedListeners.add(listener);
    return () => this.savedListeners.delete(listener);
  }

  /** Saves what has changed now instead of with the next round; rejects when it could not. */
  async snapshot(): Promise<void> {
    await this.rounds?.save();
  }

  /** Ends following and saves what has changed, so far as there is time. */
  async stop(): Promise<void> {
    this.rounds?.endWithin();
    await this.stopFills();
    await this.follower.stop();
    this.waiters.giveUp();
    await this.rounds?.stop();
  }

  private apply(events: readonly RecordedEvent[]): void {
    const listening = this.isReady && this.eachListeners.size > 0;
    const released = [...this.released.values()];
    for (const event of events) {
      for (const each of released) each.take(event);
      this.applied = event.position;
      this.rounds?.changed(event.subject);
      if (listening) for (const listener of this.eachListeners) listener(event);
    }
    if (this.isReady) for (const listener of this.appliedListeners) listener(events);
    for (const each of released) each.switchOver();
    this.waiters.reached(this.applied);
    const last = events.at(-1);
    if (last) this.metrics.taken(events.length, last.position, Date.now() - toMs(last.recordedtime));
  }

  private async rewind(position: number): Promise<void> {
    const { log, snapshots } = this.options;
    // What is being filled may have heard the same: none of it arrives meanwhile, and it is filled anew after this.
    await this.stopFills();
    const rewound = this.living().map((living) => ({
      living,
      fresh: new BuildStates(living.projection, living.build),
    }));
    const fresh = rewound.map((each) => each.fresh);
    const after = snapshots ? await loaded(snapshots, fresh, log, position) : 0;
    for await (const page of log.read(after)) {
      for (const event of page) if (event.position <= position) for (const states of fresh) states.take(event);
      if ((page.at(-1)?.position ?? position) >= position) break;
    }
    for (const each of rewound) each.living.adopt(each.fresh);
    this.applied = position;
    for (const each of this.released.values()) each.follow();
    this.tellReplaced();
  }

  private async stopFills(): Promise<void> {
    await Promise.all([...this.released.values()].map((each) => each.stopFills()));
  }

  private living(): readonly BuildStates[] {
    return [...this.released.values()].flatMap((each) => each.living);
  }

  private tellReplaced(): void {
    for (const listener of this.replacedListeners) listener();
  }
}

/** Versions of one name are one projection, in the order in which they are given. */
function releasedOf(
  projections: readonly AnyProjection[],
  parts: ReleaseParts,
): ReadonlyMap<string, ReleasedProjection> {
  const byName = new Map<string, [AnyProjection, ...AnyProjection[]]>();
  for (const projection of projections) {
    const known = byName.get(projection.name);
    if (known) known.push(projection);
    else byName.set(projection.name, [projection]);
  }
  return new Map([...byName].map(([name, carried]) => [name, new ReleasedProjection(carried, parts)]));
}

/** Where the log is to be read from: a build without a snapshot is filled from the start beside the others. */
async function loaded(
  snapshots: SnapshotStore,
  builds: readonly BuildStates[],
  log: EventLog,
  atMost = Infinity,
): Promise<number> {
  for (const states of builds) await states.load(snapshots, log, atMost);
  return Math.min(atMost, await log.head(), ...builds.map(({ position }) => position));
}

function rethrow(error: unknown): never {
  throw error;
}
