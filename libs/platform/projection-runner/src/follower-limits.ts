export interface FollowerLimits {
  /** Most events of the feed that wait while the log is read; beyond it they are dropped and read from the log. */
  readonly waitingMax: number;
  /**
   * How often in a row reading the log may fail before following does, and the pause before the first retry: in all
   * longer than another Postgres needs to take over from one whose machine is gone.
   */
  readonly retries: number;
  readonly retryPauseMs: number;
  /** Pauses double up to this. */
  readonly retryPauseMaxMs: number;
  /** After this long without the feed the log is asked for its head: the last message may be lost. 0 is never. */
  readonly pollMs: number;
  /** Most events taken on the feed's word before the log is asked whether it holds them. */
  readonly onWordMax: number;
  /** After a word that was not true the feed only says that there is something to read, for so long. */
  readonly distrustMs: number;
}

export const followerLimits: FollowerLimits = {
  waitingMax: 50_000,
  retries: 12,
  retryPauseMs: 100,
  retryPauseMaxMs: 5_000,
  pollMs: 1_000,
  onWordMax: 5_000,
  distrustMs: 600_000,
};
