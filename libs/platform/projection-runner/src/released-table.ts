import type { FeedBatch } from '@core/contracts/feed';
import type { EventLog } from '@core/event-log/event-log';
import { present } from '@core/kernel/present';
import { SingleFlight } from '@core/kernel/single-flight';
import { inBackground } from '@core/service/in-background';
import type { Pool } from 'pg';
import type { FeedAlarm } from './feed-alarm.ts';
import type { FollowerLimits } from './follower-limits.ts';
import { HeldBuilds } from './held-builds.ts';
import { noMetrics, type RunnerMetrics } from './metrics.ts';
import type { Build, ReleaseDecision, ReleaseReport } from './releases.ts';
import { TableCheckpoints } from './table-checkpoints.ts';
import { TableFill } from './table-fill.ts';
import type { TableProjection } from './table-projection.ts';
import { TableRunner } from './table-runner.ts';
import { inTransaction } from './transaction.ts';

/** How long the rows that are served wait for those that are to be; beyond it both go on, and it is tried again. */
const SWITCH_MS = 5_000;
/** How often it is said that builds are in use, and looked for those that are not. */
const KEEP_MS = 3_600_000;

export interface ReleasedTableOptions {
  readonly log: EventLog;
  readonly pool: Pool;
  /** Where the tables are, and their checkpoints (`migrateProjections`). */
  readonly schema: string;
  /** Versions of one projection: the first is served until an operator decides otherwise. */
  readonly carried: readonly [TableProjection, ...TableProjection[]];
  /** What operators decided by now; nothing where it is left out. */
  readonly decisions?: () => Promise<readonly ReleaseDecision[]>;
  readonly limits?: Partial<FollowerLimits>;
  readonly metrics?: RunnerMetrics;
  readonly alarm?: Pick<FeedAlarm, 'raise'>;
  /** Following failed for good for what is served. The default throws, which ends the process: crash-only. */
  readonly onFailure?: (error: unknown) => void;
}

/** One projection in tables: the rows of the build that this process serves, and of what is filled and kept beside it. */
export class ReleasedTable {
  private readonly builds: HeldBuilds<TableRunner, TableFill>;
  private readonly checkpoints: TableCheckpoints;
  private readonly switching = new SingleFlight();
  private isReady = false;
  private isStopped = false;
  private keptMs = -Infinity;

  constructor(private readonly options: ReleasedTableOptions) {
    const [first, ...others] = options.carried;
    this.checkpoints = new TableCheckpoints(options.schema, first);
    this.builds = new HeldBuilds(first.name, [first.version, ...others.map(({ version }) => version)], {
      open: (build) => this.runnerOf(build),
      fill: (runner) => new TableFill(runner),
      onArrived: () => this.switchOver(),
      forget: (runner) => inBackground(`letting go of rows of ${first.name}`, this.forget(runner)),
    });
    options.metrics?.watch(() => this.builds.served.behindMs);
  }

  /** Whose rows are to be read. It changes between two readings. */
  get served(): Build {
    const { version, build } = this.builds.served;
    return { version, build };
  }

  /** Whether what is served has once reached the head of the log. */
  get ready(): boolean {
    return this.isReady;
  }

  /** Resolves when the rows that are to be served are at the head of the log. */
  async start(): Promise<void> {
    const { decisions } = this.options;
    if (decisions) this.builds.decide(await decisions());
    this.builds.begin();
    await this.builds.served.start();
    this.isReady = true;
    this.follow();
  }

  /** Takes what operators decided: builds are filled beside what is served, and served when they are as far. */
  decide(decisions: readonly ReleaseDecision[]): void {
    this.builds.decide(decisions);
    if (this.isReady) this.follow();
  }

  releases(): readonly ReleaseReport[] {
    return [this.builds.report()];
  }

  /** Takes a batch of the feed, in whatever order batches come; holes are filled from the log. */
  offer(batch: FeedBatch): void {
    for (const runner of this.living()) runner.offer(batch);
    for (const { filled } of this.builds.filling) filled.offer(batch);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.builds.stopFills();
    await Promise.all(this.living().map((runner) => runner.stop()));
    await this.switching.idle();
  }

  private follow(): void {
    if (this.isStopped) return;
    this.builds.follow();
    this.switchOver();
    if (performance.now() < this.keptMs + KEEP_MS) return;
    this.keptMs = performance.now();
    inBackground('dropping builds of tables that nobody uses', this.dropUnused());
  }

  private switchOver(): void {
    const next = this.builds.awaited;
    if (!next || this.isStopped) return;
    inBackground(
      `serving other rows of ${this.builds.name}`,
      this.switching.run(() => this.switchTo(next)),
    );
  }

  /** Nobody writes what is served until the other has come as far: no reader is shown less than before. */
  private async switchTo(next: TableRunner): Promise<void> {
    await inTransaction(this.options.pool, async (client) => {
      const position = await this.checkpoints.hold(client, this.served);
      if (this.isStopped) return;
      next.wake();
      const isAsFar = await next.reached(position ?? 0, SWITCH_MS);
      if (isAsFar && next === this.builds.awaited) this.builds.serve(next);
    });
  }

  /** Who was to be served once may be served by a process of another release still: its rows go when nobody uses them. */
  private async forget(runner: TableRunner): Promise<void> {
    await runner.stop();
    if (runner.build === 0 || this.builds.wasToBeServed(runner)) return;
    await inTransaction(this.options.pool, (client) => this.checkpoints.drop(client, runner));
  }

  private async dropUnused(): Promise<void> {
    const { pool } = this.options;
    for (const runner of this.living()) await inTransaction(pool, (client) => this.checkpoints.use(client, runner));
    await inTransaction(pool, (client) => this.checkpoints.dropUnused(client));
  }

  private living(): readonly TableRunner[] {
    return [this.builds.served, ...this.builds.standingBy];
  }

  private runnerOf({ version, build }: Build): TableRunner {
    const { carried, metrics = noMetrics, onFailure = rethrow, ...given } = this.options;
    const table = present(
      carried.find((each) => each.version === version),
      `${carried[0].name} ${version} is not carried`,
    );
    const isServed = (): boolean => runner === this.builds.served;
    const runner: TableRunner = new TableRunner({
      ...{ ...given, table, build },
      metrics: {
        ...noMetrics,
        taken: (...told) => isServed() && metrics.taken(...told),
        healed: (...told) => isServed() && metrics.healed(...told),
      },
      onFailure: (error) => (isServed() ? onFailure(error) : this.lose(runner, error)),
    });
    return runner;
  }

  /** What is not served yet costs nobody the process. */
  private lose(runner: TableRunner, error: unknown): void {
    this.builds.lose(runner, error);
    inBackground('stopping what failed', runner.stop());
  }
}

function rethrow(error: unknown): never {
  throw error;
}
