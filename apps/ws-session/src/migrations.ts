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

/** Books are made again where they are missing, at the price of a slower return. */
const packedBooks: MigrationStep = {
  name: 'PackedBooks1799350000000',
  up: `
    truncate ws_session.kept_book;
    alter table ws_session.kept_book alter column book type bytea using null;
    alter table ws_session.kept_book alter column book set storage external`,
  down: `
    truncate ws_session.kept_book;
    alter table ws_session.kept_book alter column book type text using null`,
};

/**
 * A bucket for each key, taken from under its row's lock: two instances cannot both take the last order. What it holds
 * is worth no disk: after a crash of the server every key has its whole burst again, as after its clock was set.
 */
const orderRates: MigrationStep = {
  name: 'OrderRates1798300000000',
  up: `
    create unlogged table ws_session.order_rate (
      key_id uuid primary key,
      allowance double precision not null,
      at timestamptz not null
    );
    create function ws_session.take_order(of_key uuid, per_second double precision, burst integer)
      returns boolean language plpgsql as $$
    begin
      insert into ws_session.order_rate as known values (of_key, burst - 1, clock_timestamp())
      on conflict (key_id) do update set at = clock_timestamp(),
        allowance = least(burst, known.allowance + per_second * abs(extract(epoch from clock_timestamp() - known.at))) - 1
        where known.allowance + per_second * abs(extract(epoch from clock_timestamp() - known.at)) >= 1;
      return found;
    end $$`,
  down: 'drop function ws_session.take_order; drop table ws_session.order_rate',
};

/** Brings the tables of ws-session up to date; those of its projections are the runner's. */
export const migrateWsSession = (url: string): Promise<void> =>
  migrate({ url, schema: 'ws_session', steps: [sessionLeases, keptBooks, orderRates, packedBooks] });
