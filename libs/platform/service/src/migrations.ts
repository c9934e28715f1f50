import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';

/** One lock for every schema of the database: services that start together take turns. */
const MIGRATION_LOCK = 7_310_001;

export interface MigrationPlan {
  readonly url: string;
  /** The Postgres schema these steps own; it is created, and holds their history. */
  readonly schema: string;
  /** In their order. What stands there once is never changed. */
  readonly steps: readonly MigrationStep[];
}

export interface MigrationStep {
  /** Ends with a time in milliseconds. */
  readonly name: string;
  /** SQL. */
  readonly up: string;
  /** SQL that takes it back; the first step of a schema goes with the whole schema. */
  readonly down?: string;
}

/** Brings one schema up to date; safe to call from several processes at once: TypeORM takes no lock, so this does. */
export async function migrate({ url, schema, steps }: MigrationPlan): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema,
    migrations: steps.map((step) => migration(step, schema)),
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

/** TypeORM wants classes. */
const migration = ({ name, up, down }: MigrationStep, schema: string) =>
  class implements MigrationInterface {
    readonly name = name;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(up);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(down ?? `drop schema "${schema}" cascade`);
    }
  };
