import { connectNats } from '@core/bus/nats-connection';
import { natsMicroservice } from '@core/bus/nest-nats';
import type { Command } from '@core/contracts/command';
import type { Event, EventType, EventBody } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { subjects } from '@core/contracts/subjects';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { openRegistry, type Registry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { loadConfig } from '@core/service/load-config';
import { ServiceModule } from '@core/service/service.module';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { until } from '@core/testing/until';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { NatsConnection } from 'nats';
import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import { demoMarket } from './memory-ports.fixture.ts';
import { tvGateway } from './tv-gateway.ts';

const PASSWORD = 'correct horse';
const order = 'instrument=EURUSD&side=buy&type=market&qty=10000&currentAsk=1.1&currentBid=1.1';

let database: FreshDatabase;
let server: ThrowawayNats;
let nats: NatsConnection;
let pool: Pool;
let registry: Registry;
let log: PostgresEventLogWriter;
let ledger: MemoryLedger;
let account: string;
const gateways: NestFastifyApplication[] = [];

/** The rest of the system: a log in Postgres, the ledger's rules and a venue's market behind NATS. */
beforeAll(async () => {
  [database, server] = await Promise.all([freshDatabase(), ThrowawayNats.start()]);
  await migrateEventLog(database.url);
  nats = await connectNats({ url: server.url, name: 'spec' });
  pool = new Pool({ connectionString: database.url });
  registry = await openRegistry({ url: database.url, key: randomBytes(32).toString('base64'), newId });
  const fail = (error: Error): never => {
    throw error;
  };
  log = await PostgresEventLogWriter.open({ url: database.url, build: 'spec', appendTimeoutMs: 5_000, onLost: fail });

  ledger = new MemoryLedger({ log, market: () => demoMarket });
  ledger.listen((batch) => nats.publish(subjects.feed, JSON.stringify(batch)));
  nats.subscribe('command.>', {
    callback: (_error, message) => {
      void ledger.send(message.json<Command>()).then((answer) => message.respond(JSON.stringify(answer)));
    },
  });
  nats.subscribe(subjects.marketSnapshot('demo'), {
    callback: (_error, message) => void message.respond(JSON.stringify(demoMarket)),
  });

  const ada = await registry.addTrader('ada', PASSWORD);
  await registry.putBroker({ venue: 'demo', protocol: 'xapi', endpoint: { main: 'h:1' } });
  const added = {
    traderId: ada.id,
    venue: 'demo',
    brokerLogin: '1',
    password: 'x',
    name: 'Ada',
    mode: 'demo',
  } as const;
  account = (await registry.putAccount(added)).id;
  await ledger.record(an('AccountRegistered'), an('AccountUpdated'), an('BalanceChanged', { balance: '10000' }));
});

afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});

afterAll(async () => {
  await ledger.end();
  await nats.close();
  await Promise.all([log.close(), registry.close(), pool.end()]);
  await database.drop();
  await server.stop();
});

const an = <Type extends EventType>(type: Type, data: Partial<EventBody<Type>['data']> = {}): Event =>
  anEvent(type, data, { id: newId(), subject: account });

/** A process, but for its ports. */
async function start(): Promise<NestFastifyApplication> {
  const environment = { DATABASE_URL: database.url, NATS_URL: server.url, COMMAND_TIMEOUT_MS: '2000' };
  const config = loadConfig(tvGateway.config, environment);
  const imports = [ServiceModule.forTest(config), tvGateway.module];
  const testing = await Test.createTestingModule({ imports }).compile();
  const { adapter, configure } = tvGateway.http(config);
  const options = { bodyParser: false, logger: false } as const;
  const app = testing.createNestApplication<NestFastifyApplication>(adapter, options);
  await configure(app);
  app.connectMicroservice(natsMicroservice({ url: server.url, name: 'gateway' }));
  await app.startAllMicroservices();
  await app.init();
  gateways.push(app);
  return app;
}

interface Envelope<Data> {
  readonly s: string;
  readonly d: Data;
}

async function call<Data>(
  app: NestFastifyApplication,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  { token, form = '' }: { token?: string; form?: string } = {},
): Promise<Envelope<Data>> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...authorization };
  const payload = method === 'GET' ? {} : { payload: form };
  const response = await app.inject({
    method,
    url: `${path}${path.includes('?') ? '&' : '?'}locale=en`,
    headers,
    ...payload,
  });
  return response.json<Envelope<Data>>();
}

const login = async (app: NestFastifyApplication): Promise<string> => {
  const form = `login=ada&password=${encodeURIComponent(PASSWORD)}`;
  return (await call<{ access_token: string }>(app, 'POST', '/authorize', { form })).d.access_token;
};

interface Listed {
  readonly id: string;
  readonly status: string;
  readonly config?: { readonly supportPositionNetting: boolean };
}

it('takes an order to the ledger and shows it, in every instance, also after a restart', async () => {
  const [one, other] = [await start(), await start()];
  const token = await login(one);
  await until(async () => (await call(one, 'GET', `/accounts/${account}/instruments`, { token })).s === 'ok');
  const { d } = await call<{ orderId: string }>(one, 'POST', `/accounts/${account}/orders`, { token, form: order });
  const orders = (app: NestFastifyApplication) => call<Listed[]>(app, 'GET', `/accounts/${account}/orders`, { token });
  expect((await orders(one)).d).toMatchObject([{ id: d.orderId, status: 'placing' }]);
  await until(async () => (await orders(other)).d.length === 1);

  const positionId = exampleId(0x905);
  await ledger.record(
    an('OrderFilled', { orderId: d.orderId, positionId }),
    an('PositionOpened', { orderId: d.orderId, positionId, stopLoss: '1.09', takeProfit: '1.12' }),
  );
  await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));

  // It ends while nobody follows: rows and screens must come from the log.
  await ledger.record(an('PositionClosed', { positionId, reason: 'stop-loss', price: '1.0899' }));
  const again = await start();
  expect((await orders(again)).d.map(({ status }) => status)).toEqual(['filled', 'filled', 'cancelled']);
  const history = await call<Listed[]>(again, 'GET', `/accounts/${account}/ordersHistory`, { token });
  expect(history.d.map(({ id, status }) => [id, status])).toEqual([
    [`${positionId}:sl:1`, 'filled'],
    [`${positionId}:tp:1`, 'cancelled'],
    [d.orderId, 'filled'],
  ]);
  const executions = await call<{ isClose: boolean }[]>(
    again,
    'GET',
    `/accounts/${account}/executions?instrument=EURUSD`,
    { token },
  );
  expect(executions.d.map(({ isClose }) => isClose)).toEqual([true, false]);
});

it('writes every row once, however many instances follow', async () => {
  const apps = [await start(), await start(), await start()];
  const before = await rows();
  for (let n = 0; n < 20; n += 1) {
    const orderId = exampleId(0x1000 + n);
    await ledger.record(
      an('OrderRequested', { orderId, stopLoss: null, takeProfit: '1.2' }),
      an('RequestRejected', { requestId: orderId }),
    );
  }
  await until(async () => (await rows()) === before + 40);
  const { rows: checkpoints } = await pool.query<{ position: string }>(
    'select position from tv_gateway.table_checkpoint',
  );
  expect(Number(checkpoints[0]?.position)).toBe(await log.head());
  expect(apps).toHaveLength(3);
});

it('keeps no token that could be used, and forgets one that was logged out everywhere', async () => {
  const [one, other] = [await start(), await start()];
  const token = await login(one);
  const stored = await pool.query<{ token_hash: Buffer }>('select token_hash from tv_gateway.access_token');
  expect(stored.rows.some(({ token_hash }) => token_hash.includes(Buffer.from(token)))).toBe(false);
  expect(await call(other, 'GET', '/config', { token })).toMatchObject({ s: 'ok' });
  await call(one, 'POST', '/logout', { token });
  expect(await call(one, 'GET', '/config', { token })).toMatchObject({ s: 'error' });
  await until(async () => (await call(other, 'GET', '/config', { token })).s === 'error');
});

it('hears that the registry changed', async () => {
  const app = await start();
  const token = await login(app);
  const netted = async () =>
    (await call<Listed[]>(app, 'GET', '/accounts', { token })).d.map(({ config }) => config?.supportPositionNetting);
  expect(await netted()).toEqual([false]);
  await registry.setAccountNetting(account, true);
  nats.publish(subjects.registryChanged, '{}');
  await until(async () => (await netted())[0] === true);
  await registry.setAccountEnabled(account, false);
  nats.publish(subjects.registryChanged, '{}');
  await until(async () => (await call(app, 'GET', '/accounts', { token })).s === 'error');
  await registry.setAccountEnabled(account, true);
});

it('ends the streams and the tokens of a trader who is disabled, and lets nobody in as him', async () => {
  const app = await start();
  const token = await login(app);
  await until(async () => (await call(app, 'GET', `/accounts/${account}/orders`, { token })).s === 'ok');
  await app.listen(0, '127.0.0.1');
  const headers = { authorization: `Bearer ${token}` };
  const stream = await fetch(`${await app.getUrl()}/accounts/${account}/stream/orders?locale=en`, { headers });
  expect(stream.status).toBe(200);
  const [trader] = await registry.traders();
  await registry.setTraderDisabled(trader?.id ?? '', true);
  nats.publish(subjects.registryChanged, '{}');
  // The stream says why, and is over.
  const lines = (await stream.text()).trim().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ s: 'error' });
  expect(await call(app, 'GET', `/accounts/${account}/orders`, { token })).toMatchObject({ s: 'error' });
  const form = `login=ada&password=${encodeURIComponent(PASSWORD)}`;
  expect(await call(app, 'POST', '/authorize', { form })).toMatchObject({ s: 'error' });
  await registry.setTraderDisabled(trader?.id ?? '', false);
});

const rows = async (): Promise<number> => {
  const { rows: counted } = await pool.query<{ n: string }>('select count(*) as n from tv_gateway.order_history');
  return Number(counted[0]?.n);
};
