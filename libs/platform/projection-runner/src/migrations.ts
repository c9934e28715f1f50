import { migrate, type MigrationStep } from '@core/service/migrations';

const projections = (schema: string): MigrationStep => ({
  name: 'Projections1700000000000',
  up: `
    create table ${schema}.snapshot (
      name text not null,
      version int not null,
      account_id uuid not null,
      position bigint not null,
      saved_at timestamptz not null default now(),
      state json not null,
      primary key (name, version, account_id)
    );
    create table ${schema}.checkpoint (
      name text not null,
      version int not null,
      position bigint not null,
      saved_at timestamptz not null default now(),
      primary key (name, version)
    );
    create table ${schema}.table_checkpoint (
      name text primary key,
      version int not null,
      position bigint not null
    )`,
});

const instances = (schema: string): MigrationStep => ({
  name: 'ProjectionInstances1796900000000',
  up: `
    create table ${schema}.projection_instance (
      instance uuid primary key,
      seen_at timestamptz not null,
      releases json not null
    )`,
  down: `drop table ${schema}.projection_instance`,
});

/** Of each build of a table there are rows of its own, and a checkpoint. */
const tableBuilds = (schema: string): MigrationStep => ({
  name: 'TableBuilds1798400000000',
  up: `
    alter table ${schema}.table_checkpoint
      add column build int not null default 0,
      add column used_at timestamptz not null default now(),
      drop constraint table_checkpoint_pkey,
      add primary key (name, version, build);
    alter table ${schema}.table_checkpoint alter column build drop default`,
  down: `
    truncate ${schema}.table_checkpoint;
    alter table ${schema}.table_checkpoint
      drop constraint table_checkpoint_pkey,
      drop column build,
      drop column used_at,
      add primary key (name)`,
});

/** Snapshots are made again where they are missing, at the price of one long start. */
const packedStates = (schema: string): MigrationStep => ({
  name: 'PackedStates1799350000000',
  up: `
    truncate ${schema}.snapshot, ${schema}.checkpoint;
    alter table ${schema}.snapshot alter column state type bytea using null;
    alter table ${schema}.snapshot alter column state set storage external`,
  down: `
    truncate ${schema}.snapshot, ${schema}.checkpoint;
    alter table ${schema}.snapshot alter column state type json using null`,
});

/** Brings the snapshots and checkpoints of one owner up to date, in its own schema; safe from several processes at once. */
export const migrateProjections = (url: string, schema: string): Promise<void> =>
  migrate({ url, schema, steps: [projections(schema), instances(schema), tableBuilds(schema), packedStates(schema)] });
