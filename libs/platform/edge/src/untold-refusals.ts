import type { CommandBody } from '@core/contracts/command';
import type { AccountId, Instant, Uuid } from '@core/contracts/primitives';
import { migrate, type MigrationStep } from '@core/service/migrations';
import type { Pool } from 'pg';

/** How many wait for the ledger, of one account and of all. */
export const UNTOLD_OF_ACCOUNT = 20;
export const UNTOLD_OF_ALL = 2_000;

/** What an edge refused and the log may not have yet. */
export interface UntoldRefusal {
  /** The command's: told again under it, it is recorded once. */
  readonly id: Uuid;
  readonly account: AccountId;
  /** When it was refused. */
  readonly at: Instant;
  readonly data: CommandBody<'RecordRefusal'>['data'];
}

/** Refusals that the ledger has not answered yet, of all instances of one edge. */
export abstract class UntoldRefusals {
  /** False, and nothing is kept, where as many wait as may; the same one again is kept once. */
  abstract keep(refusal: UntoldRefusal): Promise<boolean>;
  /** In the order in which they were kept. */
  abstract oldest(count: number): Promise<readonly UntoldRefusal[]>;
  abstract forget(id: Uuid): Promise<void>;
}

const table = (schema: string): MigrationStep => ({
  name: 'UntoldRefusals1798300000000',
  up: `
    create table ${schema}.untold_refusal (
      id uuid primary key,
      place bigint generated always as identity,
      account_id uuid not null,
      refused_at text not null,
      data json not null
    )`,
  down: `drop table ${schema}.untold_refusal`,
});

export const migrateUntoldRefusals = (url: string, schema: string): Promise<void> =>
  migrate({ url, schema, steps: [table(schema)] });

/** In the edge's own schema; run `migrateUntoldRefusals` first. */
export class PostgresUntoldRefusals extends UntoldRefusals {
  private readonly table: string;

  constructor(
    private readonly pool: Pool,
    schema: string,
  ) {
    super();
    this.table = `${schema}.untold_refusal`;
  }

  override async keep({ id, account, at, data }: UntoldRefusal): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `insert into ${this.table} (id, account_id, refused_at, data) select $1, $2, $3, $4
       where exists (select 1 from ${this.table} where id = $1)
         or (select count(*) < $5 and count(*) filter (where account_id = $2) < $6 from ${this.table})
       on conflict (id) do update set id = excluded.id`,
      [id, account, at, JSON.stringify(data), UNTOLD_OF_ALL, UNTOLD_OF_ACCOUNT],
    );
    return rowCount === 1;
  }

  override async oldest(count: number): Promise<readonly UntoldRefusal[]> {
    const { rows } = await this.pool.query<UntoldRefusal>(
      `select id, account_id as account, refused_at as at, data from ${this.table} order by place limit $1`,
      [count],
    );
    return rows;
  }

  override async forget(id: Uuid): Promise<void> {
    await this.pool.query(`delete from ${this.table} where id = $1`, [id]);
  }
}
