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
const OWNERS = LOGINS.filter((login) => rightsOf(login).ownsSchema);

/**
 * Makes a database fit for the services, as its owner: the log's and the registry's tables are brought up to date, and
 * every login has its password and exactly its rights. For a superuser. Safe to repeat, and to call while services run.
 */
export async function prepareDatabase(url: string, passwords: LoginPasswords): Promise<void> {
  await migrateEventLog(url);
  await migrateRegistry(url);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [PREPARING_LOCK]);
    for (const login of LOGINS) await client.query(loginSql(login, passwords[login]));
    await client.query(sharedSql(await databaseName(client)));
    for (const login of LOGINS) for (const sql of rightsSql(login)) await client.query(sql);
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

/** What holds for all: nobody is let in by being anybody, and everyone reads the log. */
function sharedSql(database: string): string {
  const everyone = LOGINS.map(roleOf).join(', ');
  return `
    revoke all on database ${escapeIdentifier(database)} from public;
    grant connect on database ${escapeIdentifier(database)} to ${everyone};
    revoke all on schema public from public;
    revoke execute on function core.partition_until(bigint) from public;
    grant execute on function core.partition_until(bigint) to ${WRITER_ROLE_NAME};
    grant usage on schema core, registry to ${everyone};
    grant select on core.event, core.event_identity, core.batch, core.log_head, core.account_head, core.migrations,
      registry.migrations to ${everyone};
  `;
}

function rightsSql(login: LoginName): string[] {
  const role = roleOf(login);
  const { writesLog, reads, ownsSchema, readsBars, readsLedger, releases, operates } = rightsOf(login);
  return [
    ...(writesLog ? [`grant ${WRITER_ROLE_NAME} to ${role}`] : []),
    ...reads.map((table) => `grant select on registry.${table} to ${role}`),
    ...(ownsSchema ? [ownSchemaSql(schemaOf(login), role)] : []),
    ...(readsBars ? [readableSql(schemaOf(BARS_OWNER), roleOf(BARS_OWNER), role)] : []),
    ...(readsLedger ? [`grant select on core.command_answer, core.quarantine to ${role}`] : []),
    ...(releases
      ? [
          `grant insert on registry.projection_release to ${role}`,
          `grant select, insert, update (is_told) on registry.operator_act to ${role}`,
          ...OWNERS.filter((owner) => owner !== login).map((owner) =>
            readableSql(schemaOf(owner), roleOf(owner), role),
          ),
        ]
      : []),
    ...(operates
      ? [
          `grant select on all tables in schema core to ${role}`,
          `grant select, insert, update on registry.trader, registry.broker, registry.account, registry.broker_password,
             registry.access_key, registry.integration, registry.data_client, registry.data_group,
             registry.oauth_client, registry.operator_act, registry.operator,
             registry.integration_request to ${role}`,
          `grant select, insert, update, delete on registry.slippage_bound to ${role}`,
          `grant select, insert on registry.projection_release to ${role}`,
          ...OWNERS.map((owner) => readableSql(schemaOf(owner), roleOf(owner), role)),
        ]
      : []),
  ];
}

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
