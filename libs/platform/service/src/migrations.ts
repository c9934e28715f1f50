import { DatabaseError } from 'pg';
import { DataSource, QueryFailedError, type MigrationInterface, type QueryRunner } from 'typeorm';
import { PrimaryClient } from './primary-client.ts';

/** One lock for every schema of the database: services that start together take turns. */
const MIGRATION_LOCK = 7_310_001;

/** The Postgres schema that an app owns. */
export const schemaOf = (app: string): string => app.replaceAll('-', '_');

/** Steps may take as long as they must. */
const CONNECT_TIMEOUT_MS = 10_000;

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

/** A schema is behind this build, and whoever asked may not change it. */
class SchemaBehind extends Error {
  readonly code = 'schema-behind';
}

const INSUFFICIENT_PRIVILEGE = '42501';
/** Undefined table and undefined schema. */
const NOT_THERE: readonly (string | undefined)[] = ['42P01', '3F000'];

/**
 * Brings one schema up to date; safe to call from several processes at once: TypeORM takes no lock, so this does.
 * What is up to date is only read, so that a login may call it that could change nothing.
 * Rejects with `SchemaBehind` where something is missing and the login may not add it.
 */
export async function migrate({ url, schema, steps }: MigrationPlan): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema,
    migrations: steps.map((step) => migration(step, schema)),
    migrationsTransactionMode: 'each',
    extra: { max: 2, Client: PrimaryClient, connectionTimeoutMillis: CONNECT_TIMEOUT_MS },
  });
  await source.initialize();
  try {
    if (!(await isUpToDate(source, schema, steps))) await addMissing(source, schema);
  } catch (error) {
    if (!isCode(error, INSUFFICIENT_PRIVILEGE)) throw error;
    throw new SchemaBehind(`the schema ${schema} is behind this build, and this login may not change it`);
  } finally {
    await source.destroy();
  }
}

async function isUpToDate(source: DataSource, schema: string, steps: readonly MigrationStep[]): Promise<boolean> {
  try {
    const done = await source.query<{ name: string }[]>(`select name from "${schema}".migrations`);
    return steps.every((step) => done.some(({ name }) => name === step.name));
  } catch (error) {
    if (NOT_THERE.some((code) => isCode(error, code))) return false;
    throw error;
  }
}

async function addMissing(source: DataSource, schema: string): Promise<void> {
  const lock = source.createQueryRunner();
  await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
  try {
    // Asked first: "if not exists" wants the right to create it all the same.
    const there = await source.query<unknown[]>('select from pg_namespace where nspname = $1', [schema]);
    if (there.length === 0) await lock.query(`create schema "${schema}"`);
    await source.runMigrations();
  } finally {
    await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await lock.release();
  }
}

const isCode = (error: unknown, code: string | undefined): boolean =>
  error instanceof QueryFailedError && error.driverError instanceof DatabaseError && error.driverError.code === code;

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
