import { SYSTEM_ACCOUNT, type Instant } from '@core/contracts/primitives';
import type { LogSearch } from '@core/event-log/log-search';
import { SingleFlight } from '@core/kernel/single-flight';
import { findingsOf, summaryOf, unknownOutcomes, type Alert } from '@core/operations/finding';
import { logLine, NOISE, type LogLine } from '@core/operations/log-line';
import {
  everythingStanding,
  serviceStanding,
  type ServiceAddress,
  type ServiceStanding,
} from '@core/operations/service-standing';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountState, type AccountState } from '@core/projections/account';
import { now } from '@core/service/clock';
import { withTimeout } from '@core/service/with-timeout';
import type { Pool } from 'pg';
import type { AccountStandings } from './accounts.ts';
import type { Bus } from './bus.ts';
import { sessionAnswer, type SessionAnswer } from '@core/operations/session-answer';

const NOTABLE = 20;
const RATE_MINUTES = 10;
/** Batches that are counted for the rate: at more than so many in ten minutes it is told of fewer minutes. */
const BATCHES_MAX = 20_000;

const RATE = `
  select floor(extract(epoch from clock_timestamp() - recorded_at) / 60)::int as ago, sum(last - first + 1) as events
  from (select * from core.batch order by first desc limit ${BATCHES_MAX}) recent
  where recorded_at > clock_timestamp() - interval '${RATE_MINUTES} minutes' group by ago`;

/** The whole system in one answer. */
export interface OverviewAnswer {
  readonly at: Instant;
  readonly summary: string;
  readonly findings: readonly Alert[];
  readonly services: readonly ServiceStanding[];
  readonly sessions: readonly SessionAnswer[];
  /** Requests of which nobody knows what became, and since when the oldest. */
  readonly unknown: { readonly count: number; readonly oldest: Instant | null };
  readonly quarantined: number;
  readonly drifts: number;
  /** Position of the last event. */
  readonly head: number;
  /** Events of each of the last minutes, the present one last; null while Postgres cannot be asked. */
  readonly perMinute: readonly number[] | null;
  /** The last events that are no samples, the newest first; null while Postgres cannot be asked. */
  readonly notable: readonly LogLine[] | null;
}

export interface OverviewParts {
  readonly runner: ProjectionRunner;
  readonly accounts: AccountStandings;
  readonly search: LogSearch;
  readonly pool: Pool;
  readonly bus: Bus;
  readonly services: readonly ServiceAddress[];
  readonly timeoutMs: number;
}

/** Answers "is everything all right?", also while Postgres, NATS or any service is away. */
export class Overview {
  private readonly flight = new SingleFlight<OverviewAnswer>();

  constructor(private readonly parts: OverviewParts) {}

  /** Whoever asks while it is being found out gets the same answer. */
  answer(): Promise<OverviewAnswer> {
    return this.flight.run(() => this.find());
  }

  private async find(): Promise<OverviewAnswer> {
    const { runner, accounts, bus, timeoutMs } = this.parts;
    const [services, database] = await Promise.all([
      Promise.all(this.parts.services.map((service) => serviceStanding(service, timeoutMs))),
      this.askDatabase(),
    ]);
    const standings = accounts.standings();
    const everyone = runner.state(accountState, SYSTEM_ACCOUNT) as AccountState;
    const all = everythingStanding({ postgres: database.why, nats: bus.whyAway }, services);
    const findings = findingsOf({ ...accounts.sight(), services: all });
    const doubted = standings
      .flatMap(({ requests }) => unknownOutcomes(requests))
      .map(({ doubted: moment, requested }) => (moment ?? requested).at)
      .toSorted();
    return {
      at: now(),
      summary: summaryOf(findings),
      findings,
      services: all,
      sessions: standings.map(sessionAnswer),
      unknown: { count: doubted.length, oldest: doubted[0] ?? null },
      quarantined: [everyone, ...standings.map(({ state }) => state)]
        .map(({ quarantined }) => Object.keys(quarantined).length)
        .reduce((sum, count) => sum + count, 0),
      drifts: standings.filter(({ state }) => state.reconciliation.last?.outcome === 'drift').length,
      head: Math.max(database.head, runner.position),
      perMinute: database.perMinute,
      notable: database.notable,
    };
  }

  private async askDatabase(): Promise<DatabaseWord> {
    const { timeoutMs } = this.parts;
    const late = (): never => {
      throw new Error(`no answer within ${timeoutMs} ms`);
    };
    try {
      return await withTimeout(this.readDatabase(), timeoutMs, late);
    } catch (error) {
      const why = error instanceof Error && error.message !== '' ? error.message : 'it does not answer';
      return { why, head: 0, perMinute: null, notable: null };
    }
  }

  private async readDatabase(): Promise<DatabaseWord> {
    const { pool, search, accounts, runner } = this.parts;
    const heads = await pool.query<{ position: string }>('select position from core.log_head');
    // What is told of accounts is at least as new as what is told of the log. It is read for as long as it takes.
    await runner.check();
    const [rates, notable] = await Promise.all([
      pool.query<{ ago: number; events: string }>(RATE),
      search.page({ notTypes: NOISE }, { before: Number.MAX_SAFE_INTEGER, limit: NOTABLE }),
      accounts.refresh(),
    ]);
    const byAge = new Map(rates.rows.map(({ ago, events }) => [ago, Number(events)]));
    return {
      why: null,
      head: Number(heads.rows[0]?.position ?? 0),
      perMinute: Array.from({ length: RATE_MINUTES }, (_, minute) => byAge.get(RATE_MINUTES - 1 - minute) ?? 0),
      notable: notable.map(logLine),
    };
  }
}

interface DatabaseWord extends Pick<OverviewAnswer, 'head' | 'perMinute' | 'notable'> {
  /** Why it cannot be asked; null where it can. */
  readonly why: string | null;
}
