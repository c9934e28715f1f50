// Over 300 lines: a step for each change that the tables ever had, which stays as it was.
import { migrate, type MigrationStep } from '@core/service/migrations';

const registry: MigrationStep = {
  name: 'Registry1700000000000',
  up: `
    create table registry.trader (
      id uuid primary key,
      login text not null unique,
      password_hash text not null
    );
    create table registry.broker (
      venue text primary key,
      transport text not null check (transport in ('tcp', 'tls', 'ws', 'wss')),
      main text not null,
      stream text not null,
      insecure_tls boolean not null
    );
    create table registry.account (
      id uuid primary key,
      trader_id uuid not null references registry.trader,
      venue text not null references registry.broker,
      broker_login text not null,
      sealed_password text not null,
      name text not null,
      mode text not null check (mode in ('demo', 'live')),
      enabled boolean not null,
      unique (venue, broker_login)
    );
    create table registry.access_key (
      id uuid primary key,
      name text not null,
      secret_hash text not null unique,
      trader_ids uuid[],
      account_ids uuid[],
      prices boolean not null,
      revoked boolean not null
    );
    create table registry.integration (
      id uuid primary key,
      account_id uuid not null references registry.account,
      name text not null,
      token_hashes text[] not null,
      tickers jsonb not null,
      revoked boolean not null
    )`,
};

const brokerProtocols: MigrationStep = {
  name: 'BrokerProtocols1764000000000',
  up: `
    alter table registry.broker add column protocol text, add column endpoint jsonb;
    update registry.broker set protocol = 'xapi', endpoint = jsonb_build_object(
      'transport', transport, 'main', main, 'stream', stream, 'insecureTls', insecure_tls);
    alter table registry.broker
      alter column protocol set not null,
      alter column endpoint set not null,
      drop column transport,
      drop column main,
      drop column stream,
      drop column insecure_tls`,
  down: `
    alter table registry.broker
      add column transport text check (transport in ('tcp', 'tls', 'ws', 'wss')),
      add column main text,
      add column stream text,
      add column insecure_tls boolean;
    delete from registry.broker where protocol <> 'xapi';
    update registry.broker set transport = endpoint->>'transport', main = endpoint->>'main',
      stream = endpoint->>'stream', insecure_tls = (endpoint->>'insecureTls')::boolean;
    alter table registry.broker
      alter column transport set not null,
      alter column main set not null,
      alter column stream set not null,
      alter column insecure_tls set not null,
      drop column protocol,
      drop column endpoint`,
};

const brokerPasswords: MigrationStep = {
  name: 'BrokerPasswords1796000000000',
  up: `
    create table registry.broker_password (
      account_id uuid primary key references registry.account,
      sealed text not null
    );
    insert into registry.broker_password select id, sealed_password from registry.account;
    alter table registry.account drop column sealed_password`,
  down: `
    alter table registry.account add column sealed_password text;
    update registry.account set sealed_password = sealed
      from registry.broker_password where account_id = id;
    alter table registry.account alter column sealed_password set not null;
    drop table registry.broker_password`,
};

const accountNetting: MigrationStep = {
  name: 'AccountNetting1796600000000',
  up: `alter table registry.account add column netting boolean not null default false`,
  down: `alter table registry.account drop column netting`,
};

const dataFeed: MigrationStep = {
  name: 'DataFeed1796700000000',
  up: `
    create table registry.data_client (
      id text primary key,
      secret_hash text not null,
      certificates text[] not null,
      revoked boolean not null
    );
    create table registry.data_group (
      id text primary key,
      instruments text[] not null,
      trader_ids uuid[]
    )`,
  down: `
    drop table registry.data_client;
    drop table registry.data_group`,
};

const oauthClients: MigrationStep = {
  name: 'OauthClients1796800000000',
  up: `
    create table registry.oauth_client (
      id uuid primary key,
      name text not null,
      flow text not null check (flow in ('code', 'implicit')),
      secret_hash text check ((secret_hash is not null) = (flow = 'code')),
      redirect_uris text[] not null,
      logout_uris text[] not null,
      revoked boolean not null
    )`,
  down: 'drop table registry.oauth_client',
};

const keyTerms: MigrationStep = {
  name: 'KeyTerms1796900000000',
  up: `
    alter table registry.access_key
      add column trade boolean not null default false,
      add column previous_hash text unique,
      add column previous_until timestamptz,
      add column expires_at timestamptz,
      add column sessions_max integer check (sessions_max > 0),
      add column messages_per_second integer check (messages_per_second > 0),
      add check ((previous_hash is null) = (previous_until is null));
    alter table registry.access_key alter column trade drop default`,
  down: `
    alter table registry.access_key
      drop column trade,
      drop column previous_hash,
      drop column previous_until,
      drop column expires_at,
      drop column sessions_max,
      drop column messages_per_second`,
};

const projectionReleases: MigrationStep = {
  name: 'ProjectionReleases1796950000000',
  up: `
    create table registry.projection_release (
      number bigint generated always as identity primary key,
      owner text not null,
      name text not null,
      version integer not null,
      build integer not null,
      act text not null check (act in ('build', 'serve')),
      operator text not null,
      note text not null,
      decided_at timestamptz not null default clock_timestamp()
    )`,
  down: 'drop table registry.projection_release',
};

const slippageBounds: MigrationStep = {
  name: 'SlippageBounds1797000000000',
  up: `
    create table registry.slippage_bound (
      venue text not null,
      instrument text not null,
      percent text not null,
      primary key (venue, instrument)
    );
    alter table registry.account add column slippage_percent text;
    alter table registry.integration add column slippage_percent text`,
  down: `
    drop table registry.slippage_bound;
    alter table registry.account drop column slippage_percent;
    alter table registry.integration drop column slippage_percent`,
};

const operatorActs: MigrationStep = {
  name: 'OperatorActs1797100000000',
  up: `
    create table registry.operator_act (
      act_id uuid primary key,
      number bigint generated always as identity,
      operator text not null,
      note text not null,
      what text not null,
      target text not null,
      action text not null,
      is_told boolean not null default false
    );
    create index operator_act_untold on registry.operator_act (number) where not is_told`,
  down: 'drop table registry.operator_act',
};

const disabledTraders: MigrationStep = {
  name: 'DisabledTraders1797200000000',
  up: 'alter table registry.trader add column disabled boolean not null default false',
  down: 'alter table registry.trader drop column disabled',
};

const integrationRequests: MigrationStep = {
  name: 'IntegrationRequests1797300000000',
  up: `
    create table registry.integration_request (
      id uuid primary key,
      integration_id uuid not null references registry.integration (id),
      user_email text not null,
      description text not null,
      image_url text not null,
      public_url text not null,
      token_hash text not null,
      state text not null check (state in ('asking', 'requested', 'refused', 'unreachable', 'unknown')),
      attempts integer not null,
      detail text,
      asked_at timestamptz not null,
      answered_at timestamptz
    )`,
  down: 'drop table registry.integration_request',
};

const discardedBuilds: MigrationStep = {
  name: 'DiscardedBuilds1797400000000',
  up: `
    alter table registry.projection_release
      drop constraint projection_release_act_check,
      add constraint projection_release_act_check check (act in ('build', 'serve', 'discard'))`,
  down: `
    delete from registry.projection_release where act = 'discard';
    alter table registry.projection_release
      drop constraint projection_release_act_check,
      add constraint projection_release_act_check check (act in ('build', 'serve'))`,
};

const operators: MigrationStep = {
  name: 'Operators1797500000000',
  up: `
    create table registry.operator (
      name text primary key,
      password_hash text not null,
      role text not null check (role in ('read', 'operate', 'admin')),
      disabled boolean not null,
      password_set_at timestamptz not null
    )`,
  down: 'drop table registry.operator',
};

/** Edges ask for it whenever somebody comes, and every few seconds while they stay. */
const accountsOfTraders: MigrationStep = {
  name: 'AccountsOfTraders1797600000000',
  up: 'create index account_of_trader on registry.account (trader_id)',
  down: 'drop index registry.account_of_trader',
};

const cells: MigrationStep = {
  name: 'Cells1799000000000',
  up: `
    create table registry.cell (
      name text primary key check (name ~ '^[a-z][a-z0-9]{0,15}$'),
      gateway_url text not null,
      webhook_url text not null,
      session_url text not null
    );
    create table registry.trader_home (
      trader_id uuid primary key references registry.trader,
      cell text not null check (cell <> '')
    );
    alter table registry.access_key add column cell text not null default '';
    alter table registry.operator_act add column cell text not null default '';
    alter table registry.projection_release add column cell text not null default ''`,
  down: `
    drop table registry.cell;
    drop table registry.trader_home;
    alter table registry.access_key drop column cell;
    alter table registry.operator_act drop column cell;
    alter table registry.projection_release drop column cell`,
};

const traderMoves: MigrationStep = {
  name: 'TraderMoves1799100000000',
  up: `
    create table registry.trader_move (
      trader_id uuid primary key references registry.trader,
      move_id uuid not null,
      from_cell text not null,
      to_cell text not null,
      stage text not null check (stage in ('draining', 'copying', 'arriving', 'connecting', 'returning')),
      since timestamptz not null default clock_timestamp()
    )`,
  down: 'drop table registry.trader_move',
};

/** Ids of accounts were made of their login alone, in a namespace of ours: that is the salt of those. */
const accountSalts: MigrationStep = {
  name: 'AccountSalts1799300000000',
  up: `
    alter table registry.account add column salt uuid not null default '6f1c4f6e-3d0a-5b59-8f43-0a4f6f1f1a01';
    alter table registry.account alter column salt set default gen_random_uuid()`,
  down: 'alter table registry.account drop column salt',
};

const STEPS = [
  registry,
  brokerProtocols,
  brokerPasswords,
  accountNetting,
  dataFeed,
  oauthClients,
  keyTerms,
  projectionReleases,
  slippageBounds,
  operatorActs,
  disabledTraders,
  integrationRequests,
  discardedBuilds,
  operators,
  accountsOfTraders,
  cells,
  traderMoves,
  accountSalts,
];

/** Brings the registry's tables up to date, or as far as a step; safe to call from several processes at once. */
export const migrateRegistry = (url: string, steps = STEPS.length): Promise<void> =>
  migrate({ url, schema: 'registry', steps: STEPS.slice(0, steps) });
