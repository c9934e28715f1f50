import { migrateEventLog } from '@core/event-log/migrations';
import { WRITER_ROLE_NAME } from '@core/event-log/sql/writer-role';
import { migrateRegistry } from '@core/registry/migrations';
import { LOGINS, type LoginName, type LoginPasswords } from '@core/service/logins';
import { schemaOf } from '@core/service/migrations';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { rightsOf, roleOf } from './service-roles.ts';

/** One at a time: rows of the server's catalogue are changed. */
const PREPARING_LOCK = 7_310_003;
/** Who keeps the bars of venues; its schema is made before anyone may read it. */
const BARS_OWNER: LoginName = 'market-data';
/** Who keeps logins, where the registry is. */
const LOGINS_OWNER: LoginName = 'tv-gateway';
const OWNERS = LOGINS.filter((login) => rightsOf(login).ownsSchema);

/**
 * Makes a database fit for the services, as its owner: the log's and the registry's tables are brought up to date, and
 * every login has its password and exactly its rights. For a superuser. Safe to repeat, and to call while services run.
 */
export async function prepareDatabase(url: string, passwords: LoginPasswords): Promise<void> {
  await migrateEventLog(url);
  await migrateRegistry(url);
  await give(url, passwords, logSql, (login) => [...registryRightsSql(login), ...rightsSql(login)]);
}

/**
 * The same of a database that holds the registry and the logins of several cells, and no log. Their services log in with
 * the same passwords.
 */
export async function prepareRegistry(url: string, passwords: LoginPasswords): Promise<void> {
  await migrateRegistry(url);
  await give(
    url,
    passwords,
    () => '',
    (login) => [
      ...registryRightsSql(login),
      ...(login === LOGINS_OWNER ? [ownSchemaSql(schemaOf(login), roleOf(login))] : []),
    ],
  );
}

async function give(
  url: string,
  passwords: LoginPasswords,
  shared: () => string,
  rightsOfLogin: (login: LoginName) => readonly string[],
): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [PREPARING_LOCK]);
    for (const login of LOGINS) await client.query(loginSql(login, passwords[login]));
    await client.query(sharedSql(await databaseName(client)));
    await client.query(shared());
    for (const login of LOGINS) for (const sql of rightsOfLogin(login)) await client.query(sql);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

async function databaseName(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  return rows[0]?.name ?? '';
}

/** Roles belong to the whole server; another database of it may have made this one. */
const loginSql = (login: LoginName, password: string): string => `
  do $$ begin
    if not exists (select from pg_roles where rolname = '${roleOf(login)}') then create role ${roleOf(login)}; end if;
  end $$;
  alter role ${roleOf(login)} login password ${escapeLiteral(password)};
`;

const EVERYONE = LOGINS.map(roleOf).join(', ');

/** What holds for all: nobody is let in by being anybody. */
const sharedSql = (database: string): string => `
  revoke all on database ${escapeIdentifier(database)} from public;
  grant connect on database ${escapeIdentifier(database)} to ${EVERYONE};
  revoke all on schema public from public;
  grant usage on schema registry to ${EVERYONE};
  grant select on registry.migrations to ${EVERYONE};
`;

/** Everyone reads the log. */
const logSql = (): string => `
  revoke execute on function core.partition_until(bigint) from public;
  grant execute on function core.partition_until(bigint) to ${WRITER_ROLE_NAME};
  grant select on core.retention, core.forgotten_ids, core.detached to ${WRITER_ROLE_NAME};
  grant update (again_at) on core.event_identity to ${WRITER_ROLE_NAME};
  grant execute on function core.keep_forgotten, core.forget_ids, core.forget_again, core.forget_answers,
    core.forget_cases to ${WRITER_ROLE_NAME};
  grant usage on schema core to ${EVERYONE};
  grant select on core.event, core.event_identity, core.batch, core.log_head, core.account, core.migrations,
    core.retention, core.forgotten_ids, core.detached to ${EVERYONE};
`;

function registryRightsSql(login: LoginName): string[] {
  const role = roleOf(login);
  const { reads, releases, operates } = rightsOf(login);
  return [
    ...reads.map((table) => `grant select on registry.${table} to ${role}`),
    ...(releases
      ? [
          `grant insert on registry.projection_release to ${role}`,
          `grant select, insert, update (is_told) on registry.operator_act to ${role}`,
        ]
      : []),
    ...(operates
      ? [
          `grant select, insert, update on registry.trader, registry.broker, registry.account, registry.broker_password,
             registry.access_key, registry.integration, registry.data_client, registry.data_group,
             registry.oauth_client, registry.operator_act, registry.operator,
             registry.integration_request, registry.cell, registry.trader_home to ${role}`,
          `grant select, insert, update, delete on registry.slippage_bound, registry.trader_move to ${role}`,
          `grant select, insert on registry.projection_release to ${role}`,
        ]
      : []),
  ];
}

function rightsSql(login: LoginName): string[] {
  const role = roleOf(login);
  const { writesLog, ownsSchema, readsBars, readsLedger, releases, operates } = rightsOf(login);
  const others = OWNERS.filter((owner) => owner !== login);
  return [
    ...(writesLog ? [`grant ${WRITER_ROLE_NAME} to ${role}`] : []),
    ...(ownsSchema ? [ownSchemaSql(schemaOf(login), role)] : []),
    ...(readsBars ? [readableSql(schemaOf(BARS_OWNER), roleOf(BARS_OWNER), role)] : []),
    ...(readsLedger ? [`grant select on core.command_answer, core.quarantine to ${role}`] : []),
    ...(operates ? [`grant select on all tables in schema core to ${role}`] : []),
    ...(releases || operates ? others.map((owner) => readableSql(schemaOf(owner), roleOf(owner), role)) : []),
    ...(operates ? CARRIED_ALONG.map((owner) => fillableSql(schemaOf(owner), roleOf(owner), role)) : []),
  ];
}

/** What they keep of an account goes with it to another cell, which an operator moves it to. */
const CARRIED_ALONG: readonly LoginName[] = ['paper-connector', 'proquant-webhook'];

const fillableSql = (schema: string, owner: string, filler: string): string => `
  grant insert, update on all tables in schema ${schema} to ${filler};
  alter default privileges for role ${owner} in schema ${schema} grant insert, update on tables to ${filler};
`;

/** Asked first: another login may not make a schema even "if not exists". */
const ownSchemaSql = (schema: string, role: string): string => `
  do $$ begin
    if not exists (select from pg_namespace where nspname = '${schema}') then
      execute 'create schema ${schema} authorization ${role}';
    end if;
  end $$;
`;

const readableSql = (schema: string, owner: string, reader: string): string => `
  grant usage on schema ${schema} to ${reader};
  grant select on all tables in schema ${schema} to ${reader};
  alter default privileges for role ${owner} in schema ${schema} grant select on tables to ${reader};
`;
