import { migrateProjections } from '@core/projection-runner/migrations';
import { migrate, type MigrationStep } from '@core/service/migrations';

export const SCHEMA = 'console';

const sessions: MigrationStep = {
  name: 'Sessions1798000000000',
  up: `
    create table console.session (
      token_hash text primary key,
      link_id uuid unique,
      operator text not null,
      role text not null check (role in ('read', 'operate', 'admin')),
      begun_at timestamptz not null default now(),
      expires_at timestamptz not null
    )`,
  down: 'drop table console.session',
};

/** Brings the console's own tables up to date; safe to call from several processes at once. */
export async function migrateConsole(url: string): Promise<void> {
  await migrateProjections(url, SCHEMA);
  await migrate({ url, schema: SCHEMA, steps: [sessions] });
}
