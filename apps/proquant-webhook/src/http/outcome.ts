import type { AnsweredRequest, TradingOutcome } from '@core/edge/trading-access';
import type { Problem } from '@core/proquant/problem';

/** Of a request that came to nothing before it was read. */
export const NOTHING_KNOWN = { request: 'none', accountId: null, requestId: null, correlationId: null } as const;

/** What a problem is called in the log. */
export const wordOf = ({ type, status }: Problem): string => type ?? String(status);

/** What became of a request, and why; null is no problem. */
export const problemOutcome = (problem: Problem | null): Pick<AnsweredRequest, 'outcome' | 'reason'> => ({
  outcome: problem === null ? 'taken' : outcomeOfStatus(problem.status),
  reason: problem && wordOf(problem),
});

function outcomeOfStatus(status: number): TradingOutcome {
  if (status === 503 || status === 504) return 'unanswered';
  return status >= 500 && status !== 502 ? 'failed' : 'refused';
}
