import type { CommittedBatch, Flaw, WalkEnd } from '@core/log-proof/committed-batch';
import type { LinePlace } from '@core/log-proof/line';

/** A committed batch, recomputed: it follows the one before it and its lines are what its digest says. */
export interface CheckedBatch extends Omit<CommittedBatch, 'checksums' | 'previous'> {
  readonly lines: readonly string[];
  /** Of each line. */
  readonly places: readonly LinePlace[];
  /** How many of its ids are known at once; of the others retention has forgotten the rows. */
  readonly known: number;
}

/** The first place at which the log is not what was committed, as exactly as can be told. */
export class LogFault extends Error {
  constructor(
    readonly position: number,
    readonly why: string,
  ) {
    super(`position ${position}: ${why}`);
  }
}

export const faultOf = ({ position, why }: Flaw): LogFault => new LogFault(position, why);

/** Where the log has come to with a batch. */
export const endWith = ({ last, digest }: CheckedBatch, { versions }: WalkEnd): WalkEnd => ({
  after: last,
  digest,
  ...(versions && { versions }),
});
