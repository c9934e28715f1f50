import { MarketView } from '@core/bus/market-view';
import { connectNats } from '@core/bus/nats-connection';
import { natsMicroservice } from '@core/bus/nest-nats';
import type { RecordedEvent } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { anInstrument } from '@core/contracts/market/example.fixture';
import type { Readiness } from '@core/contracts/readiness';
import { subjects } from '@core/contracts/subjects';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import type { Projection } from '@core/kernel/projection';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Registry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { Health } from '@core/service/health';
import { loadConfig } from '@core/service/load-config';
import { ServiceModule } from '@core/service/service.module';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { PostgresProxy } from '@core/testing/postgres-proxy';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { PATIENCE_MS, until } from '@core/testing/until';
import { Injectable, Module, type INestApplication, type OnApplicationBootstrap } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { NatsConnection, Subscription } from 'nats';
import { Client } from 'pg';
import { edgeConfig } from './edge-settings.ts';
import { EdgeModule } from './edge.module.ts';
import { RegistryNews } from './registry-news.ts';

const venue = anInstrument().venue;

/** Where an account trades, and how much happened to it. */
const story: Projection<{ venue: string | null; events: number }, RecordedEvent> = {
  name: 'story',
  version: 1,
  initial: () => ({ venue: null, events: 0 }),
  evolve(state, { type, data }) {
    if (type === 'AccountRegistered') state.venue = data.venue;
    state.events += 1;
  },
};

/** What the app finds when it is started. */
@Injectable()
class Witness implements OnApplicationBootstrap {
  found = -1;
  readonly heard: string[] = [];

  constructor(
    private readonly runner: ProjectionRunner,
    market: MarketView,
    registry: RegistryNews,
  ) {
    market.onQuotes(({ quotes }) => this.heard.push(`quotes of ${quotes.length}`));
    market.onInstruments(() => this.heard.push('instruments'));
    registry.onChanged(() => this.heard.push('registry'));
    registry.onKeyRevoked((key) => this.heard.push(`revoked ${key}`));
  }

  onApplicationBootstrap(): void {
    this.found = this.runner.state(story, exampleAccount).events;
  }
}

@Module({
  imports: [
    EdgeModule.of({
      name: 'toy',
      projections: [story],
      hears: ['quotes', 'instruments', 'keys'],
      venueOf: (runner, account) => runner.state(story, account).venue,
    }),
  ],
  providers: [Witness],
})
class ToyModule {}

let database: FreshDatabase;
let postgres: PostgresProxy;
let server: ThrowawayNats;
let nats: NatsConnection;
let log: PostgresEventLogWriter;
let app: INestApplication;

beforeAll(async () => {
  [database, server] = await Promise.all([freshDatabase(), ThrowawayNats.start()]);
  await migrateEventLog(database.url);
  postgres = await PostgresProxy.before(database.url);
  nats = await connectNats({ url: server.url, name: 'spec' });
  const onLost = (error: Error): never => {
    throw error;
  };
  log = await PostgresEventLogWriter.open({ url: database.url, build: 'spec', appendTimeoutMs: 5_000, onLost });
  await append(anEvent('AccountRegistered', { venue }), anEvent('AccountUpdated'));
  nats.subscribe(subjects.marketSnapshot(venue), {
    callback: (_error, message) =>
      void message.respond(JSON.stringify({ venue, instruments: [anInstrument()], quotes: [] })),
  });

  const config = loadConfig(edgeConfig, { DATABASE_URL: postgres.url, NATS_URL: server.url, STORE_TIMEOUT_MS: '5000' });
  const imports = [ServiceModule.forTest(config), ToyModule];
  const testing = await Test.createTestingModule({ imports }).compile();
  app = testing.createNestApplication(new FastifyAdapter(), { logger: false });
  app.connectMicroservice(natsMicroservice({ url: server.url, name: 'toy-feed' }));
  await app.startAllMicroservices();
  await app.init();
});

afterAll(async () => {
  await nats.close();
  await postgres.stop();
  await database.drop();
  await server.stop();
});

async function append(...events: readonly ReturnType<typeof anEvent>[]): Promise<readonly RecordedEvent[]> {
  const batch = { events, answers: [], quarantined: [], checkpoint: null, recordedtime: '2026-01-05T10:00:00.000000Z' };
  return (await log.append(batch)).recorded;
}

/** What the ledger says of itself; null while there is none. */
let ledger: Subscription | null = null;
function ledgerSays(readiness: Readiness | null): Promise<void> {
  ledger?.unsubscribe();
  ledger = null;
  if (readiness)
    ledger = nats.subscribe(subjects.ledgerReady, {
      callback: (_error, message) => void message.respond(JSON.stringify(readiness)),
    });
  return nats.flush();
}

const readiness = (): Promise<Readiness> => app.get(Health).readiness();
const isUp = async (): Promise<boolean> => (await readiness()).status === 'ok';

const said = (): readonly string[] => app.get(Witness).heard;

it('is at the head of the log, knows its markets and is ready before the app begins', async () => {
  expect(app.get(Witness).found).toBe(2);
  expect(app.get(MarketView).instruments(venue)?.size).toBe(1);
  app.get(Health).started();
  await ledgerSays({ status: 'ok', checks: {} });
  const { status, checks } = await readiness();
  expect([status, Object.keys(checks)]).toEqual(['ok', ['process', 'nats', 'ledger', 'postgres', 'caught-up']]);
});

it('goes on with the feed', async () => {
  const events = await append(anEvent('EquityMarked'));
  nats.publish(subjects.feed, JSON.stringify({ first: 3, last: 3, events, known: [], refused: [] }));
  const runner = app.get(ProjectionRunner);
  expect(await runner.reached(3, PATIENCE_MS)).toBe(true);
  expect(runner.state(story, exampleAccount).events).toBe(3);
});

it('lives through whatever stands on the feed, and holds what the log holds', async () => {
  const runner = app.get(ProjectionRunner);
  const junk = [{ first: 1e9, last: 1e9, events: [] }, { first: 4, last: 4, events: [null] }, null, 7, 'x', [[[]]]];
  for (const body of junk) nats.publish(subjects.feed, JSON.stringify({ known: [], refused: [], ...Object(body) }));
  nats.publish(subjects.feed, 'no json');
  const forged = { ...anEvent('EquityMarked'), version: 4, recordedtime: '2026-01-05T10:00:00.000000Z', position: 4 };
  const lie = { ...forged, data: { ...forged.data, equity: '777777777' } };
  nats.publish(subjects.feed, JSON.stringify({ first: 4, last: 4, events: [lie], known: [], refused: [] }));
  nats.publish(
    subjects.feed,
    JSON.stringify({ first: 1e9, last: 1e9, events: [{ ...lie, position: 1e9 }], known: [], refused: [] }),
  );
  expect(await runner.reached(4, PATIENCE_MS)).toBe(true);

  await runner.check();
  expect([runner.position, runner.state(story, exampleAccount).events]).toEqual([3, 3]);
  const events = await append(anEvent('AccountUpdated', {}, { id: exampleId(0xadd) }));
  nats.publish(subjects.feed, JSON.stringify({ first: 4, last: 4, events, known: [], refused: [] }));
  expect(await runner.reached(4, PATIENCE_MS)).toBe(true);
  expect(runner.state(story, exampleAccount).events).toBe(4);
});

it('hears what it listed, and that the registry changed', async () => {
  const quote = {
    instrument: 'EURUSD',
    bid: '1.1',
    ask: '1.2',
    time: '2026-01-05T10:00:00.000001Z',
    bids: [],
    asks: [],
  };
  nats.publish(subjects.quotes(venue), JSON.stringify({ venue, quotes: [quote] }));
  nats.publish(subjects.instruments(venue), JSON.stringify({ venue, instruments: [], quotes: [] }));
  nats.publish(subjects.registryChanged, '{}');
  nats.publish(subjects.keyRevoked, JSON.stringify({ keyId: exampleId(7) }));
  await until(() => said().length === 5);
  expect(said()).toEqual(['instruments', 'quotes of 1', 'instruments', 'registry', `revoked ${exampleId(7)}`]);
  expect(app.get(MarketView).quote(venue, 'EURUSD')).toMatchObject({ bid: '1.1' });
});

it('is not ready while NATS is away, and is again when it is back', async () => {
  await server.kill();
  await until(async () => (await readiness()).checks.nats?.reason === 'disconnected');
  expect((await readiness()).checks.ledger).toMatchObject({ status: 'down', reason: 'disconnected' });
  await server.boot();
  await until(isUp);
});

it('is not ready while NATS is frozen, and is again when it goes on', async () => {
  server.freeze();
  await until(async () => (await readiness()).checks.nats?.status === 'down');
  expect((await readiness()).checks.nats).toMatchObject({ status: 'down', lastUpMsAgo: expect.any(Number) });
  server.thaw();
  await until(isUp);
});

it.each([
  ['frozen', () => postgres.hush()],
  ['gone', () => postgres.cut()],
])(
  'is not ready while Postgres is %s, lets nobody wait for ever, and has missed nothing once it is back',
  async (_how, leave) => {
    const runner = app.get(ProjectionRunner);
    const { events: before } = runner.state(story, exampleAccount);
    const registry = app.get(Registry);
    leave();
    await until(async () => (await readiness()).checks.postgres?.status === 'down');
    const asked = Array.from({ length: 10 }, () => registry.keys.find('secret'));
    expect(new Set((await Promise.allSettled(asked)).map(({ status }) => status))).toEqual(new Set(['rejected']));
    const heard = await append(anEvent('AccountUpdated', {}, { id: newId() }));
    const { position } = heard[0]!;
    nats.publish(
      subjects.feed,
      JSON.stringify({ first: position, last: position, events: heard, known: [], refused: [] }),
    );
    await append(anEvent('AccountUpdated', {}, { id: newId() })); // the feed says nothing of it

    postgres.speak();
    await until(isUp);
    expect(await registry.keys.find('secret')).toBeNull();
    await runner.check();
    expect(await runner.reached(position + 1, PATIENCE_MS)).toBe(true);
    expect(runner.state(story, exampleAccount).events).toBe(before + 2);
  },
);

it('is not ready while no ledger answers, or the ledger is not, and says why', async () => {
  await ledgerSays(null);
  expect((await readiness()).checks).toMatchObject({
    nats: { status: 'up' },
    ledger: { status: 'down', reason: 'no ledger answers' },
  });
  await ledgerSays({ status: 'error', checks: { commits: { status: 'down', reason: 'No space left on device' } } });
  expect((await readiness()).checks.ledger?.reason).toBe('commits: No space left on device');
  await ledgerSays({ status: 'ok', checks: {} });
  expect(await isUp()).toBe(true);
});

it('ends when it is told to, and holds no connection any more', async () => {
  const client = new Client(database.url);
  await client.connect();
  const others = async (): Promise<number> => {
    const mine = 'datname = current_database() and pid <> pg_backend_pid()';
    const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from pg_stat_activity where ${mine}`);
    return rows[0]?.n ?? 0;
  };
  await log.close();
  expect(await others()).toBeGreaterThan(0);
  await app.close();
  await until(async () => (await others()) === 0);
  await client.end();
});
