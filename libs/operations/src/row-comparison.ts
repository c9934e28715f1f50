import type { AccountId } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import { differences, type FieldDifference, type FieldPath } from '@core/kernel/json-difference';
import { spellBuild, type Build } from '@core/projection-runner/releases';
import { TableCheckpoints } from '@core/projection-runner/table-checkpoints';
import type { RowTable, TableSet } from '@core/projection-runner/table-projection';
import { inTransaction } from '@core/projection-runner/transaction';
import { schemaOf } from '@core/service/migrations';
import type { PoolClient } from 'pg';
import { AskedWrongly } from './asked-wrongly.ts';
import { DIFFERING, type AccountDifference, type BuildComparison, type BuildSource } from './differing-builds.ts';
import { eventAt } from './event-at.ts';

interface ComparedTables {
  readonly owner: string;
  readonly tables: TableSet;
}

type Row = Readonly<Record<string, unknown>>;

/** A row as both builds have it, where it differs; `position` is of the event that made it. */
interface DifferingRow {
  readonly table: string;
  readonly key: string;
  readonly left: Row | null;
  readonly right: Row | null;
  readonly position: string;
}

/** Two builds of tables, row by row and field by field: they differ since the event that made the row. */
export function compareRows(
  { log, pool }: BuildSource,
  { owner, tables }: ComparedTables,
  builds: readonly [Build, Build],
  only: AccountId | null,
): Promise<BuildComparison> {
  return inTransaction(pool, async (client) => {
    // One moment of the database: no row is of an event after the checkpoint.
    await client.query('set transaction isolation level repeatable read, read only');
    const position = await positionOfBoth(client, owner, tables, builds);
    const both = bothSql(schemaOf(owner), tables.tables);
    const valuesOf = (account: AccountId | null) => [
      ...builds.flatMap(({ version, build }) => [version, build]),
      ...[position, account],
    ];
    const { rows } = await client.query<{ account: AccountId; since: string | null }>(
      `select account, min(position) filter (where "left" is distinct from "right") as since
       from (${both}) both_builds group by account order by since nulls last, account`,
      valuesOf(only),
    );
    const different = rows.filter(({ since }) => since !== null);
    const shown: AccountDifference[] = [];
    for (const { account } of different.slice(0, DIFFERING.accountsMax)) {
      const differing = await client.query<DifferingRow>(
        `select "table", key, "left", "right", position from (${both}) both_builds
         where "left" is distinct from "right" order by position, "table", key limit ${DIFFERING.fieldsMax}`,
        valuesOf(account),
      );
      shown.push({ account, fields: await fieldsOf(log, differing.rows), wrong: [] });
    }
    return { position, accounts: rows.length, different: different.length, shown };
  });
}

/** What both have: a row is written once, so those up to here are the rows as of here. */
async function positionOfBoth(
  client: PoolClient,
  owner: string,
  tables: TableSet,
  builds: readonly Build[],
): Promise<number> {
  const checkpoints = new TableCheckpoints(schemaOf(owner), tables);
  const positions: number[] = [];
  for (const build of builds) {
    const position = await checkpoints.read(client, build);
    if (position === null) throw new AskedWrongly(`nothing of ${tables.name} ${spellBuild(build)} is filled yet`);
    positions.push(position);
  }
  return Math.min(...positions);
}

/** Every row that one of two builds has; a side that does not have it is null. */
const bothSql = (schema: string, tables: readonly RowTable[]): string => {
  const side = ({ table, key }: RowTable, version: string, build: string) =>
    `(select account_id as account, ${key} as key, position,
        to_jsonb(each) - array['version', 'build', 'account_id', '${key}'] as fields
      from ${schema}.${table} each
      where version = ${version} and build = ${build} and position <= $5 and ($6::uuid is null or account_id = $6))`;
  return tables
    .map(
      (each) =>
        `select '${each.table}' as "table", account, key::text as key, l.fields as "left", r.fields as "right",
           least(l.position, r.position) as position
         from ${side(each, '$1', '$2')} l full join ${side(each, '$3', '$4')} r using (account, key)`,
    )
    .join(' union all ');
};

async function fieldsOf(log: EventLog, rows: readonly DifferingRow[]): Promise<AccountDifference['fields']> {
  const fields: AccountDifference['fields'][number][] = [];
  for (const row of rows) {
    const since = await eventAt(log, Number(row.position));
    fields.push(...fieldsOfRow(row).map((field) => ({ ...field, since })));
  }
  return fields.slice(0, DIFFERING.fieldsMax);
}

function fieldsOfRow({ table, key, left, right }: DifferingRow): readonly FieldDifference[] {
  const path: FieldPath = [table, key];
  const inside = differences(opened(left), opened(right), path);
  // The same, written otherwise.
  return inside.length > 0 ? inside : differences(left ?? undefined, right ?? undefined, path);
}

/** A row, with what of it is text of JSON as what that says. */
function opened(row: Row | null): unknown {
  if (row === null) return undefined;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? openedText(value) : value]),
  );
}

function openedText(text: string): unknown {
  if (!text.startsWith('{') && !text.startsWith('[')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
