import { DataSource, type DataSourceOptions } from 'typeorm';

/** One lock for every schema of the database: services that start together take turns. */
const MIGRATION_LOCK = 7_310_001;

export interface MigrationPlan {
  readonly url: string;
  /** The Postgres schema these migrations own; it is created, and holds their history. */
  readonly schema: string;
  readonly migrations: NonNullable<DataSourceOptions['migrations']>;
}

/** Brings one schema up to date. TypeORM takes no lock of its own, so this does. */
export async function migrate({ url, schema, migrations }: MigrationPlan): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema,
    migrations,
    migrationsTransactionMode: 'each',
    extra: { max: 2 },
  });
  await source.initialize();
  try {
    const lock = source.createQueryRunner();
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await lock.query(`create schema if not exists "${schema}"`);
      await source.runMigrations();
    } finally {
      await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      await lock.release();
    }
  } finally {
    await source.destroy();
  }
}
