import { migrate } from '@core/service/migrations';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_BATCH } from './sql/append-batch.ts';
import { PARTITIONS } from './sql/partitions.ts';
import { TABLES } from './sql/tables.ts';
import { WRITER_ROLE } from './sql/writer-role.ts';

class Core1700000000000 implements MigrationInterface {
  readonly name = 'Core1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [TABLES, PARTITIONS, APPEND_BATCH, WRITER_ROLE]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema core cascade');
  }
}

/** Brings the log's tables and functions up to date; safe to call from several processes at once. */
export const migrateEventLog = (url: string): Promise<void> =>
  migrate({ url, schema: 'core', migrations: [Core1700000000000] });
