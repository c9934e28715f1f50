import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { migrateProjections } from '@core/projection-runner/migrations';
import { openRegistry, type Registry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { LOGINS, type LoginName, type LoginPasswords } from '@core/service/logins';
import { schemaOf } from '@core/service/migrations';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { prepareDatabase, prepareRegistry } from './prepare-database.ts';
import { rightsOf, urlAs } from './service-roles.ts';

const passwords = Object.fromEntries(
  LOGINS.map((login) => [login, randomBytes(9).toString('base64')]),
) as LoginPasswords;
const REFUSED = { code: '42501' };

let database: FreshDatabase;
const urlOf = (login: LoginName): string => urlAs(database.url, login, passwords[login]);

async function as<Result>(login: LoginName, use: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: urlOf(login) });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  database = await freshDatabase();
  await Promise.all([1, 2].map(() => prepareDatabase(database.url, passwords)));
  const registry = await openRegistry({ url: database.url, key: randomBytes(32).toString('base64'), newId });
  const { id: traderId } = await registry.addTrader('ada', 'secret');
  await registry.putBroker({ venue: 'demo', protocol: 'xapi', endpoint: {} });
  const account = { traderId, venue: 'demo', brokerLogin: '1', name: 'one', mode: 'demo' } as const;
  await registry.putAccount({ ...account, password: 'canary' });
  await registry.close();
});

afterAll(() => database.drop());

describe('the logins of a prepared database', () => {
  it('the ledger appends to the log, and can do nothing else to it', async () => {
    const options = { url: urlOf('ledger'), build: 'spec', appendTimeoutMs: 10_000, onLost: () => undefined };
    const writer = await PostgresEventLogWriter.open(options);
    expect(writer.unrestricted).toBe(false);
    await writer.close();
  });

  it.each(LOGINS)('%s reads the log and cannot change what is in it, whatever it resets or sets', async (login) => {
    await as(login, async (client) => {
      await client.query('select count(*) from core.event');
      for (const forbidden of [
        'update core.event set type = type',
        'delete from core.event',
        'truncate core.event',
        'drop table core.event',
        'alter table core.event disable trigger all',
        'delete from core.batch',
        'set session_replication_role = replica',
        'set role postgres',
        `copy core.event to program 'id'`,
        'create table core.mine ()',
        'create schema mine',
        'create role mine',
        'create table public.mine ()',
      ]) {
        await client.query('reset role');
        await expect(client.query(forbidden).then(() => forbidden)).rejects.toMatchObject(REFUSED);
      }
    });
  });

  it.each(LOGINS.filter((login) => login !== 'ledger'))('%s appends nothing', async (login) => {
    await as(login, async (client) => {
      for (const forbidden of [
        'insert into core.event select * from core.event',
        'insert into core.batch select * from core.batch',
        'update core.log_head set position = 0',
        'insert into core.command_answer select * from core.command_answer',
        'select core.partition_until(1)',
        `select core.forget_ids('${newId()}', 1, '{}')`,
        `select core.forget_answers('${newId()}', 1)`,
        `select core.keep_forgotten('${newId()}', '{}', '{}', 1)`,
        `update core.log_head set writer = '${newId()}'`,
        `insert into core.account values ('${newId()}')`,
        'set role trading_core_writer',
      ])
        await expect(client.query(forbidden).then(() => forbidden)).rejects.toMatchObject(REFUSED);
    });
  });

  it.each(LOGINS)('%s reads of the registry what it uses, and changes nothing it does not operate', async (login) => {
    const { reads, operates = false } = rightsOf(login) as ReturnType<typeof rightsOf>;
    await as(login, async (client) => {
      const older = ['trader', 'broker', 'account', 'broker_password', 'access_key', 'integration'] as const;
      for (const table of [...older, 'data_client', 'data_group', 'operator'] as const) {
        const read = client.query(`select * from registry.${table}`).then(() => true, refused);
        expect([table, await read]).toEqual([table, operates || reads.includes(table)]);
        const names: Partial<Record<string, string>> = {
          broker: 'venue',
          broker_password: 'account_id',
          operator: 'name',
        };
        const key = names[table] ?? 'id';
        const changed = client.query(`update registry.${table} set ${key} = ${key}`).then(() => true, refused);
        expect([table, await changed]).toEqual([table, operates]);
      }
    });
  });

  it.each(LOGINS.filter((login) => rightsOf(login).ownsSchema))('%s owns its schema alone', async (login) => {
    const own = schemaOf(login);
    await migrateProjections(urlOf(login), own);
    await as(login, (client) =>
      client.query(`insert into ${own}.checkpoint (name, version, position) values ('a', 1, 1)`),
    );
    for (const other of LOGINS.filter((each) => each !== login)) {
      const read = as(other, (client) => client.query(`select * from ${own}.checkpoint`)).then(() => true, refused);
      const isReader = ['operator', 'console'].includes(other) || (login === 'market-data' && other === 'tv-gateway');
      expect([other, await read]).toEqual([other, isReader]);
      const written = as(other, (client) => client.query(`delete from ${own}.checkpoint`)).then(() => true, refused);
      expect([other, await written]).toEqual([other, false]);
    }
  });

  it('the console decides releases and keeps who did, and takes nothing of that back', async () => {
    await as('console', async (client) => {
      await client.query(`insert into registry.projection_release (owner, name, version, build, act, operator, note)
        values ('ws-session', 'x', 1, 0, 'build', 'grace', 'spec')`);
      await client.query(`insert into registry.operator_act (act_id, operator, note, what, target, action)
        values ('${newId()}', 'grace', 'spec', 'projection', 'x', 'built')`);
      await client.query('update registry.operator_act set is_told = true');
      for (const forbidden of [
        `update registry.projection_release set act = 'serve'`,
        'delete from registry.projection_release',
        `update registry.operator_act set operator = 'somebody else'`,
        'delete from registry.operator_act',
        `update registry.operator set role = 'admin'`,
      ])
        await expect(client.query(forbidden).then(() => forbidden)).rejects.toMatchObject(REFUSED);
    });
  });

  it('a service opens the registry with what it may read, and a schema that is behind is said so', async () => {
    const registry = await openRegistry({ url: urlOf('tv-gateway'), newId });
    expect(await registry.verifyTrader('ada', 'secret')).toMatchObject({ login: 'ada' });
    await registry.close();
    await expect(migrateProjections(urlOf('ledger'), 'ledger')).rejects.toMatchObject({ code: 'schema-behind' });
  });

  it('somebody without a login of these is let in nowhere', async () => {
    const owner = new Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(`drop role if exists spec_stranger; create role spec_stranger login password 'x'`);
    const url = new URL(database.url);
    [url.username, url.password] = ['spec_stranger', 'x'];
    await expect(new Client({ connectionString: url.href }).connect()).rejects.toMatchObject(REFUSED);
    await owner.query('drop role spec_stranger');
    await owner.end();
  });
});

const refused = (error: { readonly code?: string }): false => {
  expect(error).toMatchObject(REFUSED);
  return false;
};

describe('a registry that several cells have together', () => {
  let shared: FreshDatabase;
  beforeAll(async () => {
    shared = await freshDatabase();
    await Promise.all([1, 2].map(() => prepareRegistry(shared.url, passwords)));
  });
  afterAll(() => shared.drop());

  const registryAs = (login: LoginName): Promise<Registry> =>
    openRegistry({ url: urlAs(shared.url, login, passwords[login]), cell: 'a', isBeside: false, newId });

  it('is read by those who read it, and written by the operator alone; there is no log in it', async () => {
    const operator = await registryAs('operator');
    await operator.addTrader('ada', 'secret');
    await operator.cells.put({ name: 'a', gatewayUrl: 'x', webhookUrl: 'x', sessionUrl: 'x' });
    await operator.close();
    const gateway = await registryAs('tv-gateway');
    expect((await gateway.verifyTrader('ada', 'secret'))?.login).toBe('ada');
    await expect(gateway.addTrader('eve', 'secret')).rejects.toMatchObject(REFUSED);
    await gateway.close();
    const connector = await registryAs('xapi-connector');
    expect(await connector.accounts()).toEqual([]);
    await expect(connector.traders()).rejects.toMatchObject(REFUSED);
    await connector.close();
    const client = new Client({ connectionString: shared.url });
    await client.connect();
    const { rows } = await client.query("select nspname from pg_namespace where nspname in ('core', 'tv_gateway')");
    expect(rows).toEqual([{ nspname: 'tv_gateway' }]);
    await client.end();
  });
});
