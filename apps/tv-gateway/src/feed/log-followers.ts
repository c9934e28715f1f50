import type { FeedBatch } from '@core/contracts/feed';
import type { ProjectionRunner } from '@core/projection-runner/projection-runner';
import type { TableRunner } from '@core/projection-runner/table-runner';
import { Followers } from './followers.ts';

/** Views in memory and history in tables, each following the log at its own pace. */
export class LogFollowers extends Followers {
  private stopped: Promise<unknown> | null = null;

  constructor(
    private readonly views: ProjectionRunner,
    private readonly history: TableRunner,
  ) {
    super();
  }

  async start(): Promise<void> {
    await Promise.all([this.views.start(), this.history.start()]);
  }

  async stop(): Promise<void> {
    await (this.stopped ??= Promise.all([this.views.stop(), this.history.stop()]));
  }

  offer(batch: FeedBatch): void {
    this.views.offer(batch);
    this.history.offer(batch);
  }

  get ready(): boolean {
    return this.views.ready && this.history.ready;
  }
}
