import type { FeedBatch } from '@core/contracts/feed';

/** What keeps the views in memory and the history in its tables up to date with the log. */
export abstract class Followers {
  /** Resolves when both have reached the head of the log. */
  abstract start(): Promise<void>;
  abstract stop(): Promise<void>;
  abstract offer(batch: FeedBatch): void;
  abstract get ready(): boolean;
}
