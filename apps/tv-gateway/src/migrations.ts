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

/** Brings the gateway's own tables up to date; safe to call from several processes at once. */
export const migrateTvGateway = (url: string): Promise<void> =>
  migrate({ url, schema: 'tv_gateway', steps: [tvGateway, dataTokens] });
