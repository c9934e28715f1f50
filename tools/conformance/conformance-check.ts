import type { BrokerSession } from './broker-session.ts';
import type { Verdict } from './verdict.ts';

/** One thing that must be true of a broker's server. */
export interface ConformanceCheck {
  /** `group.name`, the same for ever: CI and people refer to it. */
  readonly id: string;
  readonly title: string;
  /** What a user or TradingView meets when it is not so. */
  readonly why: string;
  run(session: BrokerSession): Promise<Verdict>;
}

/** What became of one check. */
export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly verdict: Verdict;
  readonly tookMs: number;
}

export const groupOf = ({ id }: { readonly id: string }): string => id.slice(0, id.indexOf('.'));
