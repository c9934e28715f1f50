import { migrate, type MigrationStep } from '@core/service/migrations';

const projections: MigrationStep = {
  name: 'Projections1700000000000',
  up: `
    create table projection.snapshot (
      name text not null,
      version int not null,
      account_id uuid not null,
      position bigint not null,
      saved_at timestamptz not null default now(),
      state json not null,
      primary key (name, version, account_id)
    );
    create table projection.checkpoint (
      name text not null,
      version int not null,
      position bigint not null,
      saved_at timestamptz not null default now(),
      primary key (name, version)
    );
    create table projection.table_checkpoint (
      name text primary key,
      version int not null,
      position bigint not null
    )`,
};

/** Brings the tables of snapshots and checkpoints up to date; safe to call from several processes at once. */
export const migrateProjections = (url: string): Promise<void> =>
  migrate({ url, schema: 'projection', steps: [projections] });
