import { migrate, type MigrationStep } from '@core/service/migrations';

const tvGateway: MigrationStep = {
  name: 'TvGateway1700000000000',
  up: `
    create table tv_gateway.access_token (
      token_hash bytea primary key,
      trader_id uuid not null,
      expires_at timestamptz not null
    );
    create index access_token_expiry on tv_gateway.access_token (expires_at);
    create table tv_gateway.order_history (
      account_id uuid not null,
      order_id text not null,
      position bigint not null,
      finished_at timestamptz not null,
      json text not null,
      primary key (account_id, order_id)
    );
    create index order_history_newest on tv_gateway.order_history (account_id, position desc);
    create table tv_gateway.execution (
      account_id uuid not null,
      execution_id text not null,
      instrument text not null,
      position bigint not null,
      at timestamptz not null,
      json text not null,
      primary key (account_id, execution_id)
    );
    create index execution_newest on tv_gateway.execution (account_id, instrument, position desc)`,
};

const dataTokens: MigrationStep = {
  name: 'DataTokens1796200000000',
  up: `
    create table tv_gateway.data_token (
      token_hash text primary key,
      client_id text not null,
      expires_at timestamptz not null
    )`,
  down: 'drop table tv_gateway.data_token',
};

const oauth: MigrationStep = {
  name: 'Oauth1796800000000',
  up: `
    alter table tv_gateway.access_token
      add column login_id text,
      add column session_uid text,
      add column issued_at timestamptz not null default now(),
      add column used boolean not null default true;
    update tv_gateway.access_token set login_id = encode(token_hash, 'hex');
    alter table tv_gateway.access_token
      alter column login_id set not null,
      alter column issued_at drop default,
      alter column used drop default;
    create index access_token_login on tv_gateway.access_token (login_id);
    create index access_token_session on tv_gateway.access_token (session_uid);
    create table tv_gateway.oauth_record (
      model text not null,
      id_hash bytea not null,
      sealed text not null,
      login_id text,
      session_uid text,
      expires_at timestamptz not null,
      consumed_at timestamptz,
      primary key (model, id_hash)
    );
    create index oauth_record_expiry on tv_gateway.oauth_record (expires_at);
    create index oauth_record_login on tv_gateway.oauth_record (login_id);
    create index oauth_record_session on tv_gateway.oauth_record (session_uid)`,
  down: `
    drop table tv_gateway.oauth_record;
    alter table tv_gateway.access_token
      drop column login_id,
      drop column session_uid,
      drop column issued_at,
      drop column used`,
};

const notesOfOrders: MigrationStep = {
  name: 'NotesOfOrders1797800000000',
  up: 'alter table tv_gateway.order_history add column note json',
  down: 'alter table tv_gateway.order_history drop column note',
};

/** Rows are of a build each; what was there is of the version that filled it until then. */
const buildsOfHistory: MigrationStep = {
  name: 'BuildsOfHistory1798400000000',
  up: `
    alter table tv_gateway.order_history
      add column version int not null default 6,
      add column build int not null default 0,
      drop constraint order_history_pkey,
      add primary key (version, build, account_id, order_id);
    alter table tv_gateway.order_history alter column version drop default, alter column build drop default;
    drop index tv_gateway.order_history_newest;
    create index order_history_newest on tv_gateway.order_history (version, build, account_id, position desc);
    alter table tv_gateway.execution
      add column version int not null default 6,
      add column build int not null default 0,
      drop constraint execution_pkey,
      add primary key (version, build, account_id, execution_id);
    alter table tv_gateway.execution alter column version drop default, alter column build drop default;
    drop index tv_gateway.execution_newest;
    create index execution_newest on tv_gateway.execution (version, build, account_id, instrument, position desc)`,
  down: `
    truncate tv_gateway.order_history, tv_gateway.execution;
    drop index tv_gateway.order_history_newest;
    alter table tv_gateway.order_history
      drop constraint order_history_pkey,
      drop column version,
      drop column build,
      add primary key (account_id, order_id);
    create index order_history_newest on tv_gateway.order_history (account_id, position desc);
    drop index tv_gateway.execution_newest;
    alter table tv_gateway.execution
      drop constraint execution_pkey,
      drop column version,
      drop column build,
      add primary key (account_id, execution_id);
    create index execution_newest on tv_gateway.execution (account_id, instrument, position desc)`,
};

/** Brings the gateway's own tables up to date; safe to call from several processes at once. */
export const migrateTvGateway = (url: string): Promise<void> =>
  migrate({ url, schema: 'tv_gateway', steps: [tvGateway, dataTokens, oauth, notesOfOrders, buildsOfHistory] });
