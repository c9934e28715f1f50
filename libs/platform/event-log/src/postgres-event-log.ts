import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId, Instant, Uuid } from '@core/contracts/primitives';
import { LONG_PATIENCE_MS, patience } from '@core/service/postgres-patience';
import { Pool, type QueryResultRow } from 'pg';
import type { EventLog, Until } from './event-log.ts';
import { decodeLine } from './stored-line.ts';
import { upcasters as known, type Upcasters } from './upcast.ts';
import { verifyLog, type Verification, type VerifyOptions } from './verify.ts';

export interface PostgresEventLogOptions {
  readonly url: string;
  /** Reads that may run at once; more wait. */
  readonly connections?: number;
  /** How long a read may wait for a connection, and for its answer. */
  readonly timeoutMs?: number;
  readonly upcasters?: Upcasters;
}

const CONNECTIONS = 4;
/** Sooner than whoever asked gives up: a server that answers says itself that it took too long. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** What is one row is told at once, or the server hangs: readiness asks for it. */
const ROW_TIMEOUT_MS = 4_000;
/** Events in one page: some megabytes of text. Positions have no holes, so a page is a range of them. */
const PAGE = 5_000;

/** A row for each event: one text of all of them costs the server twice what spelling them does. */
const LINES = `select core.event_line(e) as line from core.event e`;
const READ_PAGE = `${LINES} where position > $1 and position <= $2 order by position`;
const DIGEST = `
  select encode(sha256(convert_to(coalesce(string_agg(core.event_line(e), e'\\n' order by position), ''), 'UTF8')), 'hex')
    as digest
  from core.event e where position > $1 and position <= least($2, (select position from core.log_head))`;
const READ_ACCOUNT = `${LINES} where account_id = $1 and version > $2
  and position <= least($3::bigint, (select position from core.log_head)) and recorded_at <= coalesce($4::timestamptz, 'infinity')
  order by version limit ${PAGE}`;
const READ_CORRELATION = `${LINES} where correlation_id = $1
  and position <= (select position from core.log_head) order by position limit ${PAGE}`;
const READ_CAUSED = `${LINES} where account_id = $1 and causation_id = $2 order by position limit ${PAGE}`;

const POSITION_AT = `select last from core.batch
  where recorded_at <= $1 and last <= (select position from core.log_head) order by first desc limit 1`;

const HOLDING = `select event_id as id from core.event_identity
  where event_id = any($1::uuid[]) and position <= (select position from core.log_head)`;

/** The log in Postgres, for everyone who reads it. Never writes: its connections are read-only. */
export class PostgresEventLog implements EventLog {
  protected readonly pool: Pool;
  private readonly upcasters: Upcasters;

  constructor({
    url,
    connections = CONNECTIONS,
    timeoutMs = LONG_PATIENCE_MS,
    upcasters = known,
  }: PostgresEventLogOptions) {
    this.upcasters = upcasters;
    this.pool = new Pool({
      connectionString: url,
      max: connections,
      keepAlive: true,
      ...patience(timeoutMs),
      options: `-c default_transaction_read_only=on -c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
    });
    // A connection that broke while idle is replaced; whoever needs one that cannot be had gets the error.
    this.pool.on('error', () => undefined);
  }

  async head(): Promise<number> {
    const rows = await this.row<{ position: string }>('select position from core.log_head');
    if (!rows[0]) throw new Error('core.log_head is empty: the log was not migrated');
    return Number(rows[0].position);
  }

  /** The database's own clock, in milliseconds since the epoch. */
  async nowMs(): Promise<number> {
    const rows = await this.row<{ ms: string }>('select extract(epoch from clock_timestamp()) * 1000 as ms');
    return Number(rows[0]?.ms);
  }

  /** The last position that was recorded at a moment or before it; 0 before the first. */
  async positionAt(time: Instant): Promise<number> {
    const { rows } = await this.pool.query<{ last: string }>(POSITION_AT, [time]);
    return Number(rows[0]?.last ?? 0);
  }

  /** While one page is being worked on, the next is on its way. */
  async *read(after: number, last = Infinity): AsyncGenerator<readonly RecordedEvent[]> {
    const head = Math.min(await this.head(), last);
    const page = (from: number) => this.page(from, Math.min(from + PAGE, head));
    let next = after < head ? page(after) : null;
    for (let from = after; next; from += PAGE) {
      const events = await next;
      next = from + PAGE < head ? page(from + PAGE) : null;
      next?.catch(() => undefined); // it is thrown where it is awaited
      yield events;
    }
  }

  async *readAccount(
    account: AccountId,
    afterVersion = 0,
    until: Until = {},
  ): AsyncGenerator<readonly RecordedEvent[]> {
    for (let after = afterVersion; ;) {
      const values = [account, after, until.position ?? null, until.time ?? null];
      const events = await this.lines('core-read-account', READ_ACCOUNT, values);
      const last = events.at(-1);
      if (!last) return;
      yield events;
      if (events.length < PAGE) return;
      after = last.version;
    }
  }

  async digest(after: number, last: number): Promise<string> {
    const { rows } = await this.pool.query<{ digest: string }>({
      name: 'core-digest',
      text: DIGEST,
      values: [after, last],
    });
    return rows[0]?.digest ?? '';
  }

  async holding(ids: readonly Uuid[]): Promise<ReadonlySet<Uuid>> {
    const { rows } = await this.pool.query<{ id: Uuid }>({ name: 'core-holding', text: HOLDING, values: [ids] });
    return new Set(rows.map(({ id }) => id));
  }

  /** At most one page of them: a chain of cause is a handful of events. */
  readCorrelation(correlationid: Uuid): Promise<readonly RecordedEvent[]> {
    return this.lines('core-read-correlation', READ_CORRELATION, [correlationid]);
  }

  /** An account's events that a command or an event led to at once; looks at all of the account's. */
  protected readCausedBy(account: AccountId, cause: Uuid): Promise<readonly RecordedEvent[]> {
    return this.lines('core-read-caused', READ_CAUSED, [account, cause]);
  }

  /** Recomputes every digest and checks every number; reads all of it. */
  verify(options: VerifyOptions = {}): Promise<Verification> {
    return verifyLog(this.pool, options);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async row<Row extends QueryResultRow>(text: string): Promise<readonly Row[]> {
    const query = { text, query_timeout: ROW_TIMEOUT_MS };
    return (await this.pool.query<Row>(query)).rows;
  }

  private async page(after: number, last: number): Promise<readonly RecordedEvent[]> {
    const events = await this.lines('core-read', READ_PAGE, [after, last]);
    if (events.length !== last - after) {
      throw new Error(`the log holds ${events.length} events after ${after} up to ${last}: it has a hole`);
    }
    return events;
  }

  private async lines(name: string, text: string, values: unknown[]): Promise<RecordedEvent[]> {
    const { rows } = await this.pool.query<{ line: string }>({ name, text, values });
    return rows.map(({ line }) => decodeLine(line, this.upcasters));
  }
}
