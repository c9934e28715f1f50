import { migrate, type MigrationStep } from '@core/service/migrations';

/** Counting and adding are one turn under the key's lock: two instances cannot both take the last session. */
const sessionLeases: MigrationStep = {
  name: 'SessionLeases1796900000000',
  up: `
    create table ws_session.session_lease (
      session_id uuid primary key,
      key_id uuid not null,
      ends_at timestamptz not null
    );
    create index session_lease_of_key on ws_session.session_lease (key_id);
    create function ws_session.take_session(session uuid, of_key uuid, sessions_max integer, lasts interval)
      returns boolean language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(hashtextextended('session_lease ' || of_key, 0));
      delete from ws_session.session_lease where key_id = of_key and ends_at < now();
      insert into ws_session.session_lease
        select session, of_key, now() + lasts
        where (select count(*) from ws_session.session_lease where key_id = of_key) < sessions_max;
      return found;
    end $$`,
};

const keptBooks: MigrationStep = {
  name: 'KeptBooks1798200000000',
  up: `
    create table ws_session.kept_book (
      fold integer not null,
      account_id uuid not null,
      position bigint not null,
      kept_at timestamptz not null default now(),
      book text not null,
      primary key (fold, account_id, position)
    )`,
  down: 'drop table ws_session.kept_book',
};

/** Brings the tables of ws-session up to date; those of its projections are the runner's. */
export const migrateWsSession = (url: string): Promise<void> =>
  migrate({ url, schema: 'ws_session', steps: [sessionLeases, keptBooks] });
