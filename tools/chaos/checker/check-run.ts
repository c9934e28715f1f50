import { acknowledged, oneOrder } from './acknowledged-rules.ts';
import { accounted } from './intake-rules.ts';
import { chain, gapFree, once, versions } from './log-rules.ts';
import { heardInOrder } from './reader-rules.ts';
import { brokerAgrees, outcome, sentOnce } from './request-rules.ts';
import type { RunRecord } from './run-record.ts';
import { agreement, checkpoints, folded } from './state-rules.ts';
import type { RuleName, Violation } from './violation.ts';

type Rule = (record: RunRecord, bounds: RunBounds) => readonly Violation[];

export interface RunBounds {
  /** So long without another fault, and everything is well again. */
  readonly healedWithinMs: number;
}

const RULES = {
  acknowledged,
  once,
  'gap-free': gapFree,
  heard: heardInOrder,
  versions,
  fold: folded,
  chain,
  checkpoints,
  accounted,
  agreement,
  'caught-up': caughtUp,
  'sent-once': sentOnce,
  outcome,
  'one-order': oneOrder,
  'broker-agrees': brokerAgrees,
} as const satisfies Record<RuleName, Rule>;

/** Everything that a run has broken; nothing where all invariants held. */
export const checkRun = (record: RunRecord, bounds: RunBounds): readonly Violation[] =>
  Object.values<Rule>(RULES).flatMap((rule) => rule(record, bounds));

/** Liveness: the whole system is well again within its bound. */
function caughtUp({ healings }: RunRecord, { healedWithinMs }: RunBounds): Violation[] {
  return healings.flatMap(({ fault, quietMs }): Violation[] => {
    if (quietMs !== null && quietMs <= healedWithinMs) return [];
    const how = quietMs === null ? 'never' : `only after ${quietMs} ms without another fault`;
    return [{ rule: 'caught-up', position: null, what: `${fault}: all was well again ${how}` }];
  });
}
