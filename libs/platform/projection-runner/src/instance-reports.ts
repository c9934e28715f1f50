import type { Uuid } from '@core/contracts/primitives';
import type { Pool } from 'pg';
import type { ReleaseReport } from './releases.ts';

/** A process that has said nothing for so long is none any more. */
const SILENT = '10 seconds';

/** What one process said last of its builds. */
export interface InstanceReport {
  readonly instance: Uuid;
  readonly releases: readonly ReleaseReport[];
}

/** What the processes of one owner say of their builds, in its schema; run `migrateProjections` first. */
export class InstanceReports {
  constructor(
    private readonly pool: Pool,
    private readonly schema: string,
  ) {}

  /** Says how far this process is, and forgets those that are silent. */
  async say({ instance, releases }: InstanceReport): Promise<void> {
    await this.pool.query(
      `with silent as (
         delete from ${this.schema}.projection_instance where instance <> $1 and seen_at < now() - $3::interval
       )
       insert into ${this.schema}.projection_instance (instance, seen_at, releases) values ($1, now(), $2)
       on conflict (instance) do update set seen_at = excluded.seen_at, releases = excluded.releases`,
      [instance, JSON.stringify(releases), SILENT],
    );
  }

  /** Those that are there. */
  async all(): Promise<InstanceReport[]> {
    const { rows } = await this.pool.query<InstanceReport>(
      `select instance, releases from ${this.schema}.projection_instance
       where seen_at >= now() - $1::interval order by instance`,
      [SILENT],
    );
    return rows;
  }

  /** The process ends. */
  async leave(instance: Uuid): Promise<void> {
    await this.pool.query(`delete from ${this.schema}.projection_instance where instance = $1`, [instance]);
  }
}
