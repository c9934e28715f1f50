import type { SignedCheckpoint } from '@core/log-proof/checkpoint';

/** A place out of reach for whoever owns the log's database, where checkpoints are kept in order. */
export interface CheckpointSink {
  /** As operators read it. */
  readonly name: string;
  /** The last one that is kept there; null where there is none yet. Throws where it cannot be read. */
  last(): Promise<SignedCheckpoint | null>;
  keep(checkpoint: SignedCheckpoint): Promise<void>;
  close(): Promise<void>;
}
