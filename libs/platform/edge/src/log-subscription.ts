import type { FeedBatch } from '@core/contracts/feed';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import type { ReleaseDecision, ReleaseReport } from '@core/projection-runner/releases';
import { Health } from '@core/service/health';
import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';

/** What follows the log: states in memory, rows in tables. Until it is started it lets batches of the feed pass. */
export interface LogReader {
  /** Reads the log from where it stands; resolves at its head. */
  start(): Promise<void>;
  stop(): Promise<void>;
  offer(batch: FeedBatch): void;
  /** Whether it has once reached the head of the log. */
  readonly ready: boolean;
  /** Takes what operators decided, of what it keeps and of others. */
  decide(decisions: readonly ReleaseDecision[]): void;
  /** How far the builds of what it keeps are. */
  releases(): readonly ReleaseReport[];
}

/** Who takes what the ledger broadcasts. */
export abstract class FeedListener {
  /** Batches may come twice, late, out of order or not at all. */
  abstract offer(batch: FeedBatch): void;
}

/**
 * The one subscription of this process to the log. Everything that follows it is at the log's head before the process
 * serves anybody, goes on with the feed, and stops before what it reads from is closed.
 */
@Injectable()
export class LogSubscription extends FeedListener implements OnModuleInit, BeforeApplicationShutdown {
  private readonly readers: LogReader[];

  constructor(runner: ProjectionRunner, health: Health) {
    super();
    this.readers = [runner];
    health.register('caught-up', async () => {
      await runner.requireRead();
      if (!this.readers.every(({ ready }) => ready)) throw new Error('still reading the log');
    });
  }

  /** One more that follows the log; to be said while the process is put together. */
  add(reader: LogReader): void {
    this.readers.push(reader);
  }

  override offer(batch: FeedBatch): void {
    for (const reader of this.readers) reader.offer(batch);
  }

  decide(decisions: readonly ReleaseDecision[]): void {
    for (const reader of this.readers) reader.decide(decisions);
  }

  releases(): readonly ReleaseReport[] {
    return this.readers.flatMap((reader) => reader.releases());
  }

  async onModuleInit(): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.start()));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.stop()));
  }
}
