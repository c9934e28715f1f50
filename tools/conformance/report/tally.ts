import { groupOf, type CheckResult } from '../conformance-check.ts';
import { NOBODY_LOGGED_IN } from '../verdict.ts';

export type Tally = Readonly<Record<CheckResult['verdict']['kind'], number>>;

export function tallyOf(results: readonly CheckResult[]): Tally {
  const tally = { passed: 0, failed: 0, warned: 0, skipped: 0 };
  for (const { verdict } of results) tally[verdict.kind] += 1;
  return tally;
}

const GROUPS: Readonly<Record<string, string>> = {
  login: 'Logging in',
  access: 'Who may ask',
  cors: 'Calls from a browser',
  answers: 'Operations that must answer',
  configuration: 'Configuration and state agree',
  market: 'Instruments and quotes',
  orders: 'Orders and their brackets',
  live: 'Trading a demo account',
  stability: 'What is shown is stable',
  agreement: 'Figures agree with each other',
  'trading-streams': 'Streams of the trading part',
  symbols: 'Symbols of the data feed',
  history: 'Bars of the data feed',
  streaming: 'The stream of the data feed',
  transport: 'How every answer travels',
  schema: 'The form of every answer',
  document: 'The form of every answer, by the given document',
};

export interface ReportGroup {
  readonly name: string;
  readonly title: string;
  readonly results: readonly CheckResult[];
}

/** In the order in which they ran. */
export function groupsOf(results: readonly CheckResult[]): readonly ReportGroup[] {
  const names = [...new Set(results.map(groupOf))];
  return names.map((name) => ({
    name,
    title: GROUPS[name] ?? name,
    results: results.filter((result) => groupOf(result) === name),
  }));
}

/** What whoever reads a report is to look at before all else; null where nothing stood in the way. */
export const firstStep = (results: readonly CheckResult[]): string | null =>
  results.some(({ verdict }) => verdict.kind === 'skipped' && verdict.reason.startsWith(NOBODY_LOGGED_IN))
    ? 'Nobody could log in, so little was looked at. Is the address the one that /authorize is beneath, and is the login right?'
    : null;

/** What a report begins with. */
export interface ReportHead {
  readonly url: string;
  readonly startedAt: string;
  readonly tookMs: number;
  readonly effort: string;
  readonly isLive: boolean;
  /** Version of the document that answers were validated against, too. */
  readonly document: string | null;
}

export const secondsOf = (ms: number): string => `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/** Names of checks and texts of brokers cannot move a cursor, colour a terminal or end a document. */
export const plainText = (text: string): string => text.replace(/\p{Cc}/gu, '\ufffd');
