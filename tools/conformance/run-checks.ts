import { AnswerLog } from './answer-log.ts';
import { OwnSchemas } from './answer-judge.ts';
import { BrokerSession } from './broker-session.ts';
import { accessChecks } from './checks/access-checks.ts';
import { answerChecks } from './checks/answer-checks.ts';
import { configurationChecks } from './checks/configuration-checks.ts';
import { historyChecks } from './checks/history-checks.ts';
import { corsChecks } from './checks/cors-checks.ts';
import { liveChecks } from './live/live-checks.ts';
import { loginChecks } from './checks/login-checks.ts';
import { marketChecks } from './checks/market-checks.ts';
import { orderChecks } from './checks/order-checks.ts';
import { streamingChecks } from './checks/streaming-checks.ts';
import { symbolChecks } from './checks/symbol-checks.ts';
import { tradingStreamChecks } from './checks/trading-stream-checks.ts';
import { documentChecks, schemaChecks } from './checks/schema-checks.ts';
import { ConformanceClient } from './conformance-client.ts';
import { groupOf, type CheckResult, type ConformanceCheck } from './conformance-check.ts';
import type { DocumentJudge } from './document-judge.ts';
import type { RunOptions } from './run-options.ts';
import { UsageError } from './usage-error.ts';
import { MissingGround, UnfitAnswer, skipped, type Verdict } from './verdict.ts';
import type { Wire } from './wire.ts';

/** In their order: what others stand on comes first, what looks back at everything comes last. */
const checksOf = ({ live }: RunOptions): readonly ConformanceCheck[] => [
  ...loginChecks,
  ...accessChecks,
  ...corsChecks,
  ...answerChecks,
  ...configurationChecks,
  ...marketChecks,
  // What was traded is looked at by the checks of orders.
  ...(live === null ? [] : liveChecks),
  ...orderChecks,
  ...tradingStreamChecks,
  ...symbolChecks,
  ...historyChecks,
  ...streamingChecks,
  ...schemaChecks,
];

const schema = new OwnSchemas();

export interface ConformanceRun {
  readonly options: RunOptions;
  readonly wire: Wire;
  readonly document: DocumentJudge | null;
  /** Hears of every result as it comes. */
  readonly heard?: (result: CheckResult) => void;
  /** No further check is begun, but for the one that leaves nothing behind. */
  readonly stopped?: AbortSignal;
}

/**
 * Runs what the options ask for; a check that breaks is a failure of that check alone. Rejects with `UsageError` where they
 * ask for what is not there.
 */
export async function runChecks({
  options,
  wire,
  document,
  heard,
  stopped,
}: ConformanceRun): Promise<readonly CheckResult[]> {
  const log = new AnswerLog({ schema, document });
  const session = new BrokerSession(new ConformanceClient(wire, log, options), options);
  const checks = [...checksOf(options), ...(document === null ? [] : documentChecks)];
  requireKnown(options.only, checks);
  const results: CheckResult[] = [];
  for (const check of checks.filter(({ id }) => isWanted(id, options.only))) {
    if (stopped?.aborted && check.id !== 'live.clear') continue;
    const startedMs = wire.nowMs();
    const verdict = await verdictOf(check, session);
    const { id, title, why } = check;
    const result = { id, title, why, verdict, tookMs: wire.nowMs() - startedMs };
    results.push(result);
    heard?.(result);
  }
  return results;
}

/** A word that begins no check would look at nothing and find nothing wrong. */
function requireKnown(only: readonly string[], checks: readonly ConformanceCheck[]): void {
  const unknown = only.filter((beginning) => !checks.some(({ id }) => id.startsWith(beginning)));
  if (unknown.length === 0) return;
  const groups = [...new Set(checks.map(groupOf))].join(', ');
  throw new UsageError(`--only ${unknown.join(',')}: no check of this run begins so; they begin with ${groups}`);
}

/** Nothing can be asked without a login; whatever was traded is cleared. */
function isWanted(id: string, only: readonly string[]): boolean {
  if (only.length === 0 || id === 'login.token') return true;
  if (id === 'live.clear') return only.some((beginning) => beginning.startsWith('live'));
  return only.some((beginning) => id.startsWith(beginning));
}

async function verdictOf(check: ConformanceCheck, session: BrokerSession): Promise<Verdict> {
  try {
    return await check.run(session);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof MissingGround) return skipped(`${error.message}: see the checks above`);
    if (error instanceof UnfitAnswer) return { kind: 'failed', faults: [error.fault] };
    const fault = { expected: 'an answer that can be read', got: String((error as Error).message) };
    return { kind: 'failed', faults: [fault] };
  }
}
