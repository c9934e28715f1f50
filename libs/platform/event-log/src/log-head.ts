import type { Event, RecordedEvent } from '@core/contracts/event';
import type { AccountId, Instant } from '@core/contracts/primitives';
import { batchDigest, lineChecksum } from '@core/log-proof/committed-batch';
import { FIELD } from '@core/log-proof/line';
import type { ClientBase } from 'pg';
import type { Queryable } from './detached/detached-ranges.ts';
import { encodeEvent, lineOf } from './stored-line.ts';

/** Where the log ends. */
export interface LogHead {
  readonly position: number;
  /** Of the last batch; `-infinity` before the first. */
  readonly recordedtime: Instant;
  /** Of the last batch, in hex. */
  readonly digest: string;
}

export async function readHead(client: ClientBase): Promise<LogHead> {
  const { rows } = await client.query<{ position: string; recordedtime: Instant; digest: string }>(
    `select position, encode(digest, 'hex') as digest,
      case when recorded_at = '-infinity' then '-infinity' else core.instant(recorded_at) end as recordedtime
     from core.log_head`,
  );
  if (!rows[0]) throw new Error('core.log_head is empty: the log was not migrated');
  return { ...rows[0], position: Number(rows[0].position) };
}

/** Events where they will stand once they are committed, and all that is to be written of them. */
export interface PlacedBatch {
  readonly recorded: readonly RecordedEvent[];
  readonly recordedtime: Instant;
  /** The head before it and after it. */
  readonly before: LogHead;
  readonly after: LogHead;
  /** Per field of `encodeEvent`, one value an event. */
  readonly columns: readonly string[];
  /** In hex, of one line after the other. */
  readonly checksums: string;
  /** How many events the accounts have then that have some here. */
  readonly versions: ReadonlyMap<AccountId, number>;
  readonly newAccounts: readonly AccountId[];
}

const VERSIONS = `
  select a.account_id as account, coalesce(last.version, a.detached_version) as version from core.account a
  left join lateral (
    select version from core.event where account_id = a.account_id order by version desc limit 1
  ) as last on true`;

/** One look-up for each: an account that has departed has nothing after that. Of one that lies in files it is noted. */
const AT_HOME = `
  select a.account_id from core.account a
  left join lateral (
    select type from core.event where account_id = a.account_id order by version desc limit 1
  ) as last on true
  where last.type is distinct from 'AccountDeparted'
    and (last.type is not null or a.departed_version is distinct from a.detached_version)`;

/** The accounts that the log has and that have not departed from it. */
export async function readAtHome(database: Queryable): Promise<Set<AccountId>> {
  const { rows } = await database.query<{ account_id: AccountId }>(AT_HOME);
  return new Set(rows.map(({ account_id }) => account_id));
}

/** The end of the log in the memory of its one writer, for nobody else moves it: about a hundred bytes an account. */
export class WrittenLog {
  private constructor(
    private head: LogHead,
    private readonly versions: Map<AccountId, number>,
  ) {}

  /** For whoever has taken over: a batch that was in flight is in it or never will be. */
  static async read(client: ClientBase): Promise<WrittenLog> {
    const head = await readHead(client);
    // A look-up for each account: a batch is bounded, this takes as long as it must.
    await client.query('begin; set local statement_timeout = 0');
    const { rows } = await client.query<{ account: AccountId; version: string }>(VERSIONS);
    await client.query('commit');
    return new WrittenLog(head, new Map(rows.map(({ account, version }) => [account, Number(version)])));
  }

  /** What it would be with these events on it; it stays as it is until they are committed. */
  place(events: readonly Event[], producer: string, earliest: Instant): PlacedBatch {
    const { head: before } = this;
    const recordedtime = earliest > before.recordedtime ? earliest : before.recordedtime;
    const versions = new Map<AccountId, number>();
    const rows = events.map(encodeEvent);
    const recorded = events.map((event, index): RecordedEvent => {
      const version = (versions.get(event.subject) ?? this.versions.get(event.subject) ?? 0) + 1;
      versions.set(event.subject, version);
      // The spread comes last: fields added to a copy of another object cost ten times as much.
      return { position: before.position + index + 1, version, recordedtime, ...event };
    });
    const lines = recorded.map((event, index) => lineOf(event, rows[index] ?? []));
    const columns = FIELDS.map((field) => rows.map((row) => row[field]).join(FIELD));
    return {
      ...{ recorded, recordedtime, before, after: this.after(lines, producer, recordedtime), columns, versions },
      checksums: lines.map(lineChecksum).join(''),
      newAccounts: [...versions.keys()].filter((account) => !this.versions.has(account)),
    };
  }

  /** It was committed. */
  moveTo({ after, versions }: PlacedBatch): void {
    this.head = after;
    for (const [account, version] of versions) this.versions.set(account, version);
  }

  private after(lines: readonly string[], producer: string, recordedtime: Instant): LogHead {
    const { position, digest: previous } = this.head;
    if (lines.length === 0) return this.head;
    const [first, last] = [position + 1, position + lines.length];
    return {
      position: last,
      recordedtime,
      digest: batchDigest({ first, last, recordedtime, producer, previous }, lines),
    };
  }
}

/** Places of the fields in `encodeEvent`. */
const FIELDS = [0, 1, 2, 3, 4, 5, 6, 7, 8];
