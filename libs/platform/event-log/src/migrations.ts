import { migrate, type MigrationStep } from '@core/service/migrations';
import { APPEND_BATCH } from './sql/append-batch.ts';
import { CHECKPOINTS } from './sql/checkpoints.ts';
import { DETACHED, DETACHED_UNDONE } from './sql/detached.ts';
import { PARTITIONS } from './sql/partitions.ts';
import { RETENTION, RETENTION_UNDONE } from './sql/retention.ts';
import { TABLES } from './sql/tables.ts';
import { WRITER_ROLE } from './sql/writer-role.ts';
import { WRITERS_END } from './sql/writers-end.ts';

const core: MigrationStep = {
  name: 'Core1700000000000',
  up: [TABLES, PARTITIONS, APPEND_BATCH, WRITER_ROLE].join('\n'),
};

const checkpoints: MigrationStep = {
  name: 'Checkpoints1700000000001',
  up: CHECKPOINTS,
  down: 'drop table core.checkpoint; drop index core.command_answer_by_position',
};

const retention: MigrationStep = {
  name: 'Retention1799200000000',
  up: RETENTION,
  down: RETENTION_UNDONE,
};

const writersEnd: MigrationStep = {
  name: 'WritersEnd1799250000000',
  up: WRITERS_END,
};

const detached: MigrationStep = {
  name: 'Detached1799300000000',
  up: DETACHED,
  down: DETACHED_UNDONE,
};

/** Brings the log's tables and functions up to date; safe to call from several processes at once. */
export const migrateEventLog = (url: string): Promise<void> =>
  migrate({ url, schema: 'core', steps: [core, checkpoints, retention, writersEnd, detached] });
