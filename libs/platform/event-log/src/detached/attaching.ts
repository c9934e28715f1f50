import type { AccountId } from '@core/contracts/primitives';
import { FIELD, placeOf } from '@core/log-proof/line';
import type { KeyObject } from 'node:crypto';
import { escapeIdentifier, type ClientBase } from 'pg';
import { LogFault } from '../checked-batch.ts';
import { DetachedLog } from './detached-log.ts';
import { detachedRanges, type DetachedRange } from './detached-ranges.ts';
import { LogFileFault, type LogFile } from './log-file-reader.ts';
import { linePosition } from './log-section.ts';
import { movingAlone } from './moving.ts';
import { provenFile } from './proven-file.ts';
import { partitionsOf } from './table-partitions.ts';

/** Lines as rows of a table that has the columns of `core.event`; tells each as the log spells it then. */
const writeBack = (table: string): string => `
  insert into ${table} as e (position, version, recorded_at, event_id, type, schema_version, account_id, occurred_at,
    correlation_id, causation_id, producer, data)
  select f[1]::bigint, f[2]::bigint, f[3]::timestamptz, f[4]::uuid, f[5], f[6]::integer, f[7]::uuid, f[8]::timestamptz,
    f[9]::uuid, nullif(f[10], '')::uuid, f[11], f[12]::json
  from unnest($1::text[]) as line, string_to_array(line, '${FIELD}') as f
  returning position, core.event_line(row(e.*)::core.event) as line`;

/** The notes of sql/detached.ts as they were before; tells the accounts whose departure they had from this file. */
const NOTE_REACHED = `
  with noted as (
    update core.account a set detached_version = f.reached
    from unnest($1::uuid[], $2::bigint[]) as f(account, reached) where a.account_id = f.account
    returning a.account_id, a.departed_version, a.detached_version
  )
  select account_id as account from noted where departed_version > detached_version`;
const NOTE_DEPARTED = 'update core.account set departed_version = $2 where account_id = $1';

/** What has been done of one file. Up to `written` its range is in both places, and whoever reads is told the same. */
export type AttachStep = 'proven' | 'written' | 'attached';

/** What came of one file; where none may come back, `whyNot` tells. */
export type Attached = DetachedRange | { readonly whyNot: string };

/**
 * Takes files back into the table, the newest first, so that the table stays the end of the log without a hole. Nothing
 * comes back that is not what was committed and signed, and each row is as its line says; a process that dies at any
 * moment has lost nothing, and the next one goes on from there. Files stay where they are.
 */
export class Attaching {
  private readonly detached: DetachedLog;

  constructor(
    /** With the rights of the table's owner. */
    private readonly client: ClientBase,
    folder: string,
    private readonly publicKey: KeyObject,
    private readonly onStep: (step: AttachStep, range: { readonly first: number; readonly last: number }) => void,
    /** Tells who did it, before the range goes: whoever dies in between is told of by who goes on. */
    private readonly tell: (range: DetachedRange) => Promise<void>,
  ) {
    this.detached = new DetachedLog(folder);
  }

  /** The newest file, where the table lacks something of it at or after a position. */
  next(from: number): Promise<Attached> {
    return movingAlone(this.client, () => this.nextAlone(from));
  }

  private async nextAlone(from: number): Promise<Attached> {
    const ranges = await detachedRanges(this.client);
    const range = ranges.at(-1);
    if (!range) return { whyNot: 'nothing of the log lies in files' };
    if (range.partitionLast < from)
      return { whyNot: `the newest file that is left ends at position ${range.partitionLast}, before ${from}` };
    const earlier = ranges.slice(0, -1);
    const before = earlier.at(-1);
    const inTable = { first: (before?.partitionLast ?? 0) + 1, last: range.partitionLast };
    // Of a partition's first events the file before it may have some.
    if (before && before.last >= inTable.first) await this.proven(before);
    const file = await this.proven(range);
    this.onStep('proven', range);
    const [oldest] = await partitionsOf(this.client);
    if (!oldest || oldest.first > inTable.last) await this.write(before ? [before, range] : [range], inTable);
    this.onStep('written', range);
    await this.tell(range);
    await this.forget(range, file, earlier);
    this.onStep('attached', range);
    return range;
  }

  private proven(range: DetachedRange): Promise<LogFile> {
    return provenFile(this.client, this.detached.pathOf(range), range, this.publicKey);
  }

  /** A partition with what was in it. It is filled before it is one, so that nobody waits for it. */
  private async write(
    ranges: readonly DetachedRange[],
    { first, last }: { readonly first: number; readonly last: number },
  ): Promise<void> {
    const table = `core.${escapeIdentifier(`event_from_${first}`)}`;
    await this.transaction(async () => {
      // With its bounds checked row by row it need not be read through once it is attached.
      await this.client.query(`create table ${table} (like core.event including all,
        constraint in_bounds check (position >= ${first} and position < ${last + 1}))`);
      let to = first - 1;
      for await (const lines of this.detached.lines(ranges, to, last)) {
        const { rows } = await this.client.query<{ position: string; line: string }>(writeBack(table), [lines]);
        const told = new Map(rows.map(({ position, line }) => [Number(position), line]));
        const other = lines.find((line) => told.get(linePosition(line)) !== line);
        if (other !== undefined)
          throw new LogFault(linePosition(other), 'the table spells it in another way than its file');
        to += lines.length;
      }
      if (to !== last) throw new LogFileFault(`files hold positions up to ${to}, and not up to ${last}`);
      await this.client.query(`create trigger insert_only before update or delete or truncate on ${table}
        for each statement execute function core.refuse_change()`);
      await this.client.query(
        `alter table core.event attach partition ${table} for values from (${first}) to (${last + 1})`,
      );
      await this.client.query(`alter table ${table} drop constraint in_bounds`);
    });
  }

  private async forget(range: DetachedRange, file: LogFile, earlier: readonly DetachedRange[]): Promise<void> {
    const places = Object.entries(file.index.accounts);
    const values = [places.map(([account]) => account), places.map(([, [first]]) => first - 1)];
    await this.transaction(async () => {
      const { rows } = await this.client.query<{ account: AccountId }>(NOTE_REACHED, values);
      for (const { account } of rows)
        await this.client.query(NOTE_DEPARTED, [account, await this.lastDeparture(account, earlier)]);
      await this.client.query('delete from core.detached where first = $1', [range.first]);
    });
  }

  /** The account's own number of it; null where these files have none. */
  private async lastDeparture(account: AccountId, ranges: readonly DetachedRange[]): Promise<number | null> {
    let last: number | null = null;
    for await (const lines of this.detached.ofAccount(ranges, account))
      for (const { type, version } of lines.map(placeOf)) if (type === 'AccountDeparted') last = version;
    return last;
  }

  private async transaction(work: () => Promise<void>): Promise<void> {
    await this.client.query('begin');
    try {
      await work();
      await this.client.query('commit');
    } catch (error) {
      await this.client.query('rollback');
      throw error;
    }
  }
}
