import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId, Instant, Uuid } from '@core/contracts/primitives';
import { LINE } from '@core/log-proof/line';
import { LONG_PATIENCE_MS, patience } from '@core/service/postgres-patience';
import { createHash } from 'node:crypto';
import { Pool, type QueryResultRow } from 'pg';
import { DetachedLog } from './detached/detached-log.ts';
import { detachedRanges, endOf, whileNothingMoves, type DetachedRange } from './detached/detached-ranges.ts';
import { causationIn } from './detached/log-section.ts';
import type { EventLog, Until } from './event-log.ts';
import { decodeLine } from './stored-line.ts';
import { decodeRow, ROW } from './stored-row.ts';
import { upcasters as known, type Upcasters } from './upcast.ts';
import { verifyLog, type Verification, type VerifyOptions } from './verify.ts';

export interface PostgresEventLogOptions {
  readonly url: string;
  /** Reads that may run at once; more wait. */
  readonly connections?: number;
  /** How long a read may wait for a connection, and for its answer. */
  readonly timeoutMs?: number;
  readonly upcasters?: Upcasters;
  /** The folder with what was detached; without it that cannot be read. */
  readonly detached?: string | undefined;
}

const CONNECTIONS = 4;
/** Sooner than whoever asked gives up: a server that answers says itself that it took too long. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** What is one row is told at once, or the server hangs: readiness asks for it. */
const ROW_TIMEOUT_MS = 4_000;
/**
 * Events in one page: few, for all of them live until it is done with, and what clears the young carries them meanwhile.
 * Positions have no holes, so a page is a range of them.
 */
const PAGE = 1_000;
/** More has no one cause, nor one chain of them. */
const CHAIN_MAX = 5_000;

/** A row for each event: one text of all of them costs the server twice what spelling them does. */
const EVENTS = `select ${ROW} from core.event`;
const READ_PAGE = `${EVENTS} where position > $1 and position <= $2 order by position`;
const READ_LINES = `select core.event_line(e) from core.event e where position > $1
  and position <= least($2, (select position from core.log_head)) order by position`;
const DIGEST = `
  select encode(sha256(convert_to(coalesce(string_agg(core.event_line(e), e'\\n' order by position), ''), 'UTF8')), 'hex')
    as digest
  from core.event e where position > $1 and position <= least($2, (select position from core.log_head))`;
const READ_ACCOUNT = `${EVENTS} where account_id = $1 and version > $2
  and position <= least($3::bigint, (select position from core.log_head)) and recorded_at <= coalesce($4::timestamptz, 'infinity')
  order by version limit ${PAGE}`;
const READ_CORRELATION = `${EVENTS} where correlation_id = $1
  and position <= (select position from core.log_head) order by position limit ${CHAIN_MAX}`;
const READ_CAUSED = `${EVENTS} where account_id = $1 and causation_id = $2 order by position limit ${CHAIN_MAX}`;

/** Texts that are not parsed as they come: what is parsed lives until its turn comes. */
const AS_SENT = {
  getTypeParser:
    () =>
    <Sent>(sent: Sent) =>
      sent,
};

const POSITION_AT = `select last from core.batch
  where recorded_at <= $1 and last <= (select position from core.log_head) order by first desc limit 1`;

const HOLDING = `select event_id as id from core.event_identity
  where event_id = any($1::uuid[]) and position <= (select position from core.log_head)`;

/** The log in Postgres, for everyone who reads it. Never writes: its connections are read-only. */
export class PostgresEventLog implements EventLog {
  protected readonly pool: Pool;
  /** What is no longer in the table. */
  readonly detached: DetachedLog;
  private readonly upcasters: Upcasters;

  constructor({
    url,
    connections = CONNECTIONS,
    timeoutMs = LONG_PATIENCE_MS,
    upcasters = known,
    detached,
  }: PostgresEventLogOptions) {
    this.upcasters = upcasters;
    this.detached = new DetachedLog(detached);
    this.pool = new Pool({
      connectionString: url,
      max: connections,
      keepAlive: true,
      ...patience(timeoutMs),
      options: `-c default_transaction_read_only=on -c timezone=UTC -c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
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

  /** From the table; where that is short of something, from files up to where the table begins. */
  async *read(after: number, last = Infinity): AsyncGenerator<readonly RecordedEvent[]> {
    const head = Math.min(await this.head(), last);
    let isMissing = false;
    for (let from = after; from < head;) {
      const reached = yield* this.fromTable(from, head);
      if (reached === from && isMissing)
        throw new Error(`the log does not hold all events after ${from} up to ${head}: it has a hole`);
      const to = reached < head ? yield* this.fromFiles(reached, head) : head;
      // What came back from files meanwhile was seen in neither: it is in the table at the next look.
      isMissing = to === from;
      from = to;
    }
  }

  /** Gives back up to where it had all of them. While one page is being worked on, the next is on its way. */
  private async *fromTable(after: number, head: number): AsyncGenerator<readonly RecordedEvent[], number> {
    const page = (from: number) => this.page(from, Math.min(from + PAGE, head));
    let next = after < head ? page(after) : null;
    for (let from = after; next; from += PAGE) {
      const rows = await next;
      if (rows === null) return from;
      next = from + PAGE < head ? page(from + PAGE) : null;
      next?.catch(() => undefined); // it is thrown where it is awaited
      yield rows.map((row) => decodeRow(row, this.upcasters));
    }
    return head;
  }

  private async *fromFiles(after: number, head: number): AsyncGenerator<readonly RecordedEvent[], number> {
    let to = after;
    for await (const lines of this.detached.lines(await detachedRanges(this.pool), after, head)) {
      yield lines.map((line) => decodeLine(line, this.upcasters));
      to += lines.length;
    }
    return to;
  }

  async *readAccount(
    account: AccountId,
    afterVersion = 0,
    until: Until = {},
  ): AsyncGenerator<readonly RecordedEvent[]> {
    let isMissing = false;
    for (let after = afterVersion; ;) {
      const values = [account, after, until.position ?? null, until.time ?? null];
      const events = await this.events('core-read-account', READ_ACCOUNT, values);
      const last = events.at(-1);
      if (last && events[0]?.version === after + 1) {
        yield events;
        if (events.length < PAGE) return;
        after = last.version;
        continue;
      }
      if (isMissing) {
        if (last) throw new Error(`the log does not hold version ${after + 1} of ${account}`);
        return;
      }
      // What came back from files meanwhile was seen in neither: it is in the table at the next look.
      isMissing = true;
      for await (const page of this.accountFromFiles(account, after, until)) {
        yield page;
        after = page.at(-1)?.version ?? after;
        isMissing = false;
      }
    }
  }

  /** After a version, without a hole. */
  private async *accountFromFiles(
    account: AccountId,
    afterVersion: number,
    { position = Infinity, time }: Until,
  ): AsyncGenerator<readonly RecordedEvent[]> {
    let version = afterVersion;
    for await (const lines of this.detached.ofAccount(await detachedRanges(this.pool), account, afterVersion)) {
      const events = lines
        .map((line) => decodeLine(line, this.upcasters))
        .filter((event) => event.position <= position)
        .filter(({ recordedtime }) => time === undefined || recordedtime <= time);
      for (const event of events)
        if (event.version !== (version += 1)) throw new Error(`files of the log lack version ${version} of ${account}`);
      if (events.length > 0) yield events;
    }
  }

  digest(after: number, last: number): Promise<string> {
    return whileNothingMoves(this.pool, async (ranges) =>
      after < endOf(ranges) ? this.digestOfLines(after, last, ranges) : this.digestInTable(after, last),
    );
  }

  private async digestOfLines(after: number, last: number, ranges: readonly DetachedRange[]): Promise<string> {
    const hash = createHash('sha256');
    let to = after;
    const take = (lines: readonly string[]): void => {
      for (const line of lines) hash.update((to += 1) === after + 1 ? line : LINE + line);
    };
    for await (const lines of this.detached.lines(ranges, after, last)) take(lines);
    while (to < last) {
      const lines = await this.texts('core-lines', READ_LINES, [to, Math.min(to + PAGE, last)]);
      if (lines.length === 0) break;
      take(lines);
    }
    return hash.digest('hex');
  }

  private async digestInTable(after: number, last: number): Promise<string> {
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

  /** At most so many of them: a chain of cause is a handful of events. */
  readCorrelation(correlationid: Uuid): Promise<readonly RecordedEvent[]> {
    return whileNothingMoves(this.pool, async (ranges) =>
      this.joined(
        await this.detached.correlated(ranges, correlationid),
        await this.events('core-read-correlation', READ_CORRELATION, [correlationid]),
      ),
    );
  }

  /** An account's events that a command or an event led to at once; looks at all of the account's. */
  protected readCausedBy(account: AccountId, cause: Uuid): Promise<readonly RecordedEvent[]> {
    return whileNothingMoves(this.pool, async (ranges) => {
      const found: string[] = [];
      for await (const lines of this.detached.ofAccount(ranges, account))
        found.push(...lines.filter((line) => causationIn(line) === cause));
      return this.joined(found, await this.events('core-read-caused', READ_CAUSED, [account, cause]));
    });
  }

  /** What files have and what the table has, which may be the same at the seam. */
  private joined(detached: readonly string[], inTable: readonly RecordedEvent[]): readonly RecordedEvent[] {
    const events = detached.map((line) => decodeLine(line, this.upcasters));
    const last = events.at(-1)?.position ?? 0;
    return [...events, ...inTable.filter(({ position }) => position > last)].slice(0, CHAIN_MAX);
  }

  /** Recomputes every digest and checks every number; reads all of it. */
  verify(options: VerifyOptions = {}): Promise<Verification> {
    return verifyLog(this.pool, { detached: this.detached, ...options });
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async row<Row extends QueryResultRow>(text: string): Promise<readonly Row[]> {
    const query = { text, query_timeout: ROW_TIMEOUT_MS };
    return (await this.pool.query<Row>(query)).rows;
  }

  /** Null where some of it is not in the table. */
  private async page(after: number, last: number): Promise<readonly string[] | null> {
    const rows = await this.texts('core-read', READ_PAGE, [after, last]);
    return rows.length === last - after ? rows : null;
  }

  private async events(name: string, text: string, values: unknown[]): Promise<RecordedEvent[]> {
    return (await this.texts(name, text, values)).map((row) => decodeRow(row, this.upcasters));
  }

  /** Of a query for one column. */
  private async texts(name: string, text: string, values: unknown[]): Promise<string[]> {
    const { rows } = await this.pool.query<[string]>({ name, text, values, rowMode: 'array', types: AS_SENT });
    return rows.map(([sent]) => sent);
  }
}
