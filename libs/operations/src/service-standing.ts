import { Instant } from '@core/contracts/primitives';
import { Readiness } from '@core/contracts/readiness';
import { z } from 'zod';

/** Where a service says how it is: `<url>/health/ready`, `/health/live` and `/metrics`. */
export interface ServiceAddress {
  readonly name: string;
  readonly url: string;
  /** Where its log is read; left out where that is not known here. */
  readonly log?: string;
}

/** How one service stands. `no-answer`: nobody could be asked, and the reason says why. */
export interface ServiceStanding {
  readonly name: string;
  readonly status: 'ready' | 'not-ready' | 'no-answer';
  /** Why it is not ready, one for each check that is down. */
  readonly reasons: readonly string[];
  /** What keeps nobody from being given work, and an operator should know. */
  readonly notes: readonly string[];
  readonly build: string | null;
  readonly startedAt: Instant | null;
  /** The last position that each of its runners has folded its projections to. */
  readonly projections: readonly { readonly runner: string; readonly position: number }[];
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

const POSITION = /^projection_position\{[^}]*?runner="([^"]*)"[^}]*\} (\d+)$/gm;

/** Asks a service on its port of health and metrics; never rejects. */
export async function serviceStanding({ name, url, log }: ServiceAddress, timeoutMs: number): Promise<ServiceStanding> {
  const known = { name, log: log ?? null };
  const signal = AbortSignal.timeout(timeoutMs);
  const ask = (path: string): Promise<Response> => fetch(`${url}${path}`, { signal });
  try {
    const [ready, live, metrics] = await Promise.all([ask('/health/ready'), ask('/health/live'), ask('/metrics')]);
    const { status, checks, notes = [] } = Readiness.parse(await ready.json());
    const { build, startedAt } = Live.parse(await live.json());
    const reasons = Object.entries(checks)
      .filter(([, check]) => check.status === 'down')
      .map(([check, { reason = 'down' }]) => `${check}: ${reason}`);
    const projections = positionsIn(await metrics.text());
    return { ...known, status: status === 'ok' ? 'ready' : 'not-ready', reasons, notes, build, startedAt, projections };
  } catch (error) {
    const reasons = [whyNot(error, timeoutMs)];
    return { ...known, status: 'no-answer', reasons, notes: [], build: null, startedAt: null, projections: [] };
  }
}

const engineStanding = (name: string, why: string | null): ServiceStanding => ({
  ...{ name, status: why === null ? 'ready' : 'no-answer', reasons: why === null ? [] : [why] },
  ...{ notes: [], build: null, startedAt: null, projections: [], log: null },
});

const positionsIn = (metrics: string): ServiceStanding['projections'] =>
  [...metrics.matchAll(POSITION)].map(([, runner = '', position]) => ({ runner, position: Number(position) }));

function whyNot(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED') return 'it does not run';
  return cause instanceof Error ? cause.message : error.message;
}
