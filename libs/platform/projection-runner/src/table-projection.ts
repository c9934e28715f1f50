import type { RecordedEvent } from '@core/contracts/event';
import type { PoolClient } from 'pg';
import type { Build } from './releases.ts';

/**
 * A table whose rows are of a build (`version`, `build`) and of an account (`account_id`), and are there since the event
 * at a `position`. A row is written once and stays as it is.
 */
export interface RowTable {
  readonly table: string;
  /** The column that tells the rows of an account apart. */
  readonly key: string;
}

/** Tables that are filled together. */
export interface TableSet {
  readonly name: string;
  readonly tables: readonly RowTable[];
}

/**
 * Writes the rows of one build that these events make. Rows and checkpoint become true in the same transaction, so each
 * event counts once. Throws `UnfoldableEvent` where it cannot take what the log holds.
 */
export type WriteRows = (transaction: PoolClient, events: readonly RecordedEvent[]) => Promise<void>;

/** A projection too large for memory: rows of tables that its owner keeps. */
export interface TableProjection extends TableSet {
  /** Names the meaning of the rows: those of another version stand beside them. */
  readonly version: number;
  /** Asked once for each build; what it remembers of the events that it wrote is for this build alone. */
  writer(build: Build): WriteRows;
}
