import { Instant } from '@core/contracts/primitives';
import { Readiness } from '@core/contracts/readiness';
import { instantFromMs } from '@core/kernel/instant';
import { z } from 'zod';

/** Where a service says how it is: `<url>/health/ready`, `/health/live` and `/metrics`. */
export interface ServiceAddress {
  readonly name: string;
  /** Which of several processes of that service it is, from 1; left out of the only one. */
  readonly instance?: number;
  readonly url: string;
  /** Where its log is read; left out where that is not known here. */
  readonly log?: string;
}

/**
 * How one process of a service stands. `stands-by`: it waits for the end of the one that works. `no-answer`: nobody could
 * be asked, and the reason says why. `reachable` is what can be said of Postgres and NATS.
 */
export interface ServiceStanding {
  readonly name: string;
  /** Which of several it is, from 1; null of the only one. */
  readonly instance: number | null;
  readonly status: 'ready' | 'stands-by' | 'not-ready' | 'no-answer' | 'reachable';
  /** Why it is not ready, one for each check that is down. */
  readonly reasons: readonly string[];
  /** What keeps nobody from being given work, and an operator should know. */
  readonly notes: readonly string[];
  readonly build: string | null;
  readonly startedAt: Instant | null;
  /** The last position that each of its runners has folded its projections to. */
  readonly projections: readonly { readonly runner: string; readonly position: number }[];
  /** What it keeps for so many days only, and when it last took away what is older; null where it has not yet. */
  readonly kept: readonly { readonly what: string; readonly days: number; readonly clearedAt: Instant | null }[];
  /** Where its log is read; null where that is not known here. */
  readonly log: string | null;
}

/** Why Postgres and NATS cannot be reached, from where it is asked; null where they can. */
export interface EngineWords {
  readonly postgres: string | null;
  /** Left out where nobody said where it is. */
  readonly nats?: string | null;
}

/** How everything stands. What has no port of ours says so by being reachable. */
export const everythingStanding = (
  { postgres, nats }: EngineWords,
  services: readonly ServiceStanding[],
): readonly ServiceStanding[] => [
  engineStanding('Postgres', postgres),
  ...(nats === undefined ? [] : [engineStanding('NATS', nats)]),
  ...services,
];

const Live = z.object({ build: z.string(), startedAt: Instant });

const KEPT = /^kept_days\{[^}]*?what="([^"]*)"[^}]*\} (\d+)$/gm;
const CLEARED = /^kept_cleared_seconds\{[^}]*?what="([^"]*)"[^}]*\} (\S+)$/gm;
/** What a ledger says that waits for the lock of the log. */
const STANDS_BY = /^ledger_writer\{[^}]*\} 0$/m;
const POSITION = /^projection_position\{[^}]*?runner="([^"]*)"[^}]*\} (\d+)$/gm;

/** Asks a service on its port of health and metrics; never rejects. */
export async function serviceStanding(address: ServiceAddress, timeoutMs: number): Promise<ServiceStanding> {
  const { name, instance = null, url, log = null } = address;
  const known = { name, instance, log };
  const signal = AbortSignal.timeout(timeoutMs);
  const ask = (path: string): Promise<Response> => fetch(`${url}${path}`, { signal });
  try {
    const [ready, live, metrics] = await Promise.all([ask('/health/ready'), ask('/health/live'), ask('/metrics')]);
    const { status, checks, notes = [] } = Readiness.parse(await ready.json());
    const { build, startedAt } = Live.parse(await live.json());
    const reasons = Object.entries(checks)
      .filter(([, check]) => check.status === 'down')
      .map(([check, { reason = 'down' }]) => `${check}: ${reason}`);
    const figures = await metrics.text();
    const told = { projections: positionsIn(figures), kept: keptIn(figures) };
    return { ...known, status: standing(status, figures), reasons, notes, build, startedAt, ...told };
  } catch (error) {
    const reasons = [whyNot(error, timeoutMs)];
    return { ...known, status: 'no-answer', reasons, ...NOTHING_TOLD };
  }
}

const NOTHING_TOLD = { notes: [], build: null, startedAt: null, projections: [], kept: [] };

const engineStanding = (name: string, why: string | null): ServiceStanding => ({
  ...{ name, instance: null, status: why === null ? 'reachable' : 'no-answer', reasons: why === null ? [] : [why] },
  ...{ ...NOTHING_TOLD, log: null },
});

function standing(status: Readiness['status'], figures: string): ServiceStanding['status'] {
  if (status === 'ok') return 'ready';
  return STANDS_BY.test(figures) ? 'stands-by' : 'not-ready';
}

const positionsIn = (metrics: string): ServiceStanding['projections'] =>
  [...metrics.matchAll(POSITION)].map(([, runner = '', position]) => ({ runner, position: Number(position) }));

function keptIn(figures: string): ServiceStanding['kept'] {
  const cleared = new Map([...figures.matchAll(CLEARED)].map(([, what = '', seconds]) => [what, Number(seconds)]));
  return [...figures.matchAll(KEPT)].map(([, what = '', days]) => {
    const seconds = cleared.get(what) ?? 0;
    return { what, days: Number(days), clearedAt: seconds > 0 ? instantFromMs(seconds * 1_000) : null };
  });
}

function whyNot(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED') return 'it does not run';
  return cause instanceof Error ? cause.message : error.message;
}
