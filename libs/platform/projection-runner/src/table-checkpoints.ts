import type { PoolClient } from 'pg';
import { OLD_BUILDS_KEPT } from './old-builds.ts';
import type { Build } from './releases.ts';
import type { TableSet } from './table-projection.ts';

/** How far each build of some tables is filled, in the schema of their owner; run `migrateProjections` first. */
export class TableCheckpoints {
  constructor(
    private readonly schema: string,
    private readonly set: TableSet,
  ) {}

  /** Where a build goes on. One that is begun has no rows, whoever may have left some. */
  async begin(client: PoolClient, build: Build): Promise<number> {
    const { rowCount } = await client.query(
      `insert into ${this.schema}.table_checkpoint (name, version, build, position) values ($1, $2, $3, 0)
       on conflict do nothing`,
      this.keyOf(build),
    );
    if (rowCount === 1) await this.clear(client, build);
    return this.use(client, build);
  }

  /** Somebody has it at hand; returns how far it is. */
  async use(client: PoolClient, build: Build): Promise<number> {
    const { rows } = await client.query<{ position: string }>(
      `update ${this.schema}.table_checkpoint set used_at = now()
       where name = $1 and version = $2 and build = $3 returning position`,
      this.keyOf(build),
    );
    return Number(rows[0]?.position ?? 0);
  }

  /** How far a build is, until the transaction ends: nobody else writes it meanwhile. Null where it was dropped. */
  hold(client: PoolClient, build: Build): Promise<number | null> {
    return this.read(client, build, 'for update');
  }

  /** How far a build is at the moment; null where there is none. */
  async read(client: PoolClient, build: Build, lock: 'for update' | '' = ''): Promise<number | null> {
    const { rows } = await client.query<{ position: string }>(
      `select position from ${this.schema}.table_checkpoint
       where name = $1 and version = $2 and build = $3 ${lock}`,
      this.keyOf(build),
    );
    return rows[0] ? Number(rows[0].position) : null;
  }

  async advance(client: PoolClient, build: Build, position: number): Promise<void> {
    await client.query(
      `update ${this.schema}.table_checkpoint set position = $4, used_at = now()
       where name = $1 and version = $2 and build = $3`,
      [...this.keyOf(build), position],
    );
  }

  /** Lets go of a build. Whoever still writes it comes to know by its next `hold`. */
  async drop(client: PoolClient, build: Build): Promise<void> {
    const { rowCount } = await client.query(
      `delete from ${this.schema}.table_checkpoint where name = $1 and version = $2 and build = $3`,
      this.keyOf(build),
    );
    if (rowCount === 1) await this.clear(client, build);
  }

  /** Lets go of all that nobody has had at hand for long. */
  async dropUnused(client: PoolClient): Promise<void> {
    const { rows } = await client.query<Build>(
      `delete from ${this.schema}.table_checkpoint
       where name = $1 and used_at < now() - $2::interval returning version, build`,
      [this.set.name, OLD_BUILDS_KEPT],
    );
    for (const build of rows) await this.clear(client, build);
  }

  private async clear(client: PoolClient, { version, build }: Build): Promise<void> {
    for (const { table } of this.set.tables)
      await client.query(`delete from ${this.schema}.${table} where version = $1 and build = $2`, [version, build]);
  }

  private keyOf({ version, build }: Build): (string | number)[] {
    return [this.set.name, version, build];
  }
}
