import { AnswerLog } from './answer-log.ts';
import { OwnSchemas } from './answer-judge.ts';
import { BrokerSession } from './broker-session.ts';
import { accessChecks } from './checks/access-checks.ts';
import { answerChecks } from './checks/answer-checks.ts';
import { configurationChecks } from './checks/configuration-checks.ts';
import { historyChecks } from './checks/history-checks.ts';
import { corsChecks } from './checks/cors-checks.ts';
import { loginChecks } from './checks/login-checks.ts';
import { marketChecks } from './checks/market-checks.ts';
import { orderChecks } from './checks/order-checks.ts';
import { streamingChecks } from './checks/streaming-checks.ts';
import { symbolChecks } from './checks/symbol-checks.ts';
import { documentChecks, schemaChecks } from './checks/schema-checks.ts';
import { ConformanceClient } from './conformance-client.ts';
import type { CheckResult, ConformanceCheck } from './conformance-check.ts';
import type { DocumentJudge } from './document-judge.ts';
import type { RunOptions } from './run-options.ts';
import { MissingGround, UnfitAnswer, skipped, type Verdict } from './verdict.ts';
import type { Wire } from './wire.ts';

/** In their order: what others stand on comes first, what looks back at everything comes last. */
const ALL: readonly ConformanceCheck[] = [
  ...loginChecks,
  ...accessChecks,
  ...corsChecks,
  ...answerChecks,
  ...configurationChecks,
  ...marketChecks,
  ...orderChecks,
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
}

/** Runs what the options ask for; a check that breaks is a failure of that check alone. */
export async function runChecks({ options, wire, document, heard }: ConformanceRun): Promise<readonly CheckResult[]> {
  const log = new AnswerLog({ schema, document });
  const session = new BrokerSession(new ConformanceClient(wire, log, options), options);
  const checks = document === null ? ALL : [...ALL, ...documentChecks];
  const results: CheckResult[] = [];
  for (const check of checks.filter(({ id }) => isWanted(id, options.only))) {
    const startedMs = wire.nowMs();
    const verdict = await verdictOf(check, session);
    const { id, title, why } = check;
    const result = { id, title, why, verdict, tookMs: wire.nowMs() - startedMs };
    results.push(result);
    heard?.(result);
  }
  return results;
}

/** Nothing can be asked without a login: that check always runs. */
const isWanted = (id: string, only: readonly string[]): boolean =>
  only.length === 0 || id === 'login.token' || only.some((beginning) => id.startsWith(beginning));

async function verdictOf(check: ConformanceCheck, session: BrokerSession): Promise<Verdict> {
  try {
    return await check.run(session);
  } catch (error) {
    if (error instanceof MissingGround) return skipped(`${error.message}: see the checks above`);
    if (error instanceof UnfitAnswer) return { kind: 'failed', faults: [error.fault] };
    const fault = { expected: 'an answer that can be read', got: String((error as Error).message) };
    return { kind: 'failed', faults: [fault] };
  }
}
