import { connectNats } from '@core/bus/nats-connection';
import type { Event, RecordedEvent } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples.fixture';
import type { IntegrationId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { present } from '@core/kernel/present';
import { AppProcess } from '@core/machine/app-process';
import { exampleDelivery } from '@core/proquant/example';
import { openRegistry } from '@core/registry/registry';
import { newId, now } from '@core/service/clock';
import { DeliveryLog } from '@core/signal-inbox/delivery-log';
import { AppInstances, type AppInstance } from '@core/testing/app-instances';
import { freePort } from '@core/testing/free-port';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { killsOf } from '@core/testing/kills';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { until } from '@core/testing/until';
import type { NatsConnection } from 'nats';
import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import { GOLD, ObedientBroker } from './webhook-harness.fixture.ts';

const KILLS = killsOf(6);
const INSTANCES = 2;
/** However long the machine takes to bring a process back, an entry is not too old for it. */
const PATIENT = { MAX_SIGNAL_AGE_MS: '86400000', LOOK_MS: '50', RETRY_PAUSE_MS: '20' };
/** What is seen of a signal when the process that has it is killed; nothing is at once after it was sent. */
const MOMENTS = ['nothing', 'kept', 'SignalReceived', 'OrderRequested', 'PositionOpened', 'SignalExecuted'] as const;
type Moment = (typeof MOMENTS)[number];

/** The real processes on real servers: a ledger, and webhooks that may be killed at any moment, before a broker that fills. */
class Webhooks {
  private readonly broker = new ObedientBroker();
  private constructor(
    private readonly database: FreshDatabase,
    private readonly servers: ThrowawayNats,
    private readonly nats: NatsConnection,
    private readonly ledger: AppProcess,
    private readonly log: PostgresEventLog,
    private readonly pool: Pool,
    private readonly integration: { readonly id: IntegrationId; readonly accountId: string; readonly token: string },
    private readonly instances: AppInstances,
  ) {}

  static async open(): Promise<Webhooks> {
    const [database, servers] = await Promise.all([freshDatabase(), ThrowawayNats.start()]);
    const env = { DATABASE_URL: database.url, NATS_URL: servers.url, LOG_LEVEL: 'warn', ...PATIENT };
    await migrateEventLog(database.url);
    const integration = await registered(database.url);
    await begin(database.url, integration.accountId);
    const nats = await connectNats({ url: servers.url, name: 'webhook-kills' });
    nats.subscribe(subjects.marketSnapshot('demo'), {
      callback: (_error, message) =>
        void message.respond(JSON.stringify({ venue: 'demo', instruments: [GOLD], quotes: [] })),
    });
    await nats.flush();
    const ledger = new AppProcess({ name: 'ledger', opsPort: await freePort(), env });
    await ledger.start();
    const instances = await AppInstances.launch('proquant-webhook', INSTANCES, env);
    const [log, pool] = [new PostgresEventLog({ url: database.url }), new Pool({ connectionString: database.url })];
    const webhooks = new Webhooks(database, servers, nats, ledger, log, pool, integration, instances);
    webhooks.trade();
    return webhooks;
  }

  living(n: number): Promise<AppInstance> {
    return this.instances.living(n);
  }

  /** The status of the answer; null where whoever was asked ended before there was one. */
  async deliver({ port }: AppInstance, delivery: object): Promise<number | null> {
    const url = `http://127.0.0.1:${port}/proquant/v1/hooks/${this.integration.id}`;
    const headers = { 'content-type': 'application/json', 'x-proquant-token': this.integration.token };
    try {
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(delivery) })).status;
    } catch {
      return null;
    }
  }

  async events(): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of this.log.readAccount(this.integration.accountId)) events.push(...page);
    return events;
  }

  async kept(strategyId: string): Promise<readonly string[]> {
    const rows = await new DeliveryLog(this.pool).latest({ integrationId: this.integration.id, limit: 1_000 });
    return rows.filter((row) => row.strategyId === strategyId).map(({ state }) => state);
  }

  async isAt(moment: Moment, strategyId: string): Promise<boolean> {
    if (moment === 'nothing') return true;
    if (moment === 'kept') return (await this.kept(strategyId)).length > 0;
    return (await this.events()).some((event) => event.type === moment && isOf(event, strategyId));
  }

  async close(): Promise<void> {
    await this.instances.close();
    await this.ledger.crash();
    await Promise.all([this.log.close(), this.pool.end(), this.nats.close()]);
    await Promise.all([this.database.drop(), this.servers.stop()]);
  }

  /** Does what the log says is wanted, once, as a connector would. */
  private trade(): void {
    const facts = (event: RecordedEvent): Event[] =>
      this.broker.factsAbout(event).map((fact) => ({ ...fact, id: newId() }));
    this.nats.subscribe(subjects.feed, {
      callback: (_error, message) => {
        const { events } = message.json<{ events: readonly RecordedEvent[] }>();
        const told = events.flatMap(facts);
        if (told.length > 0)
          this.nats.publish(
            subjects.intake(this.integration.accountId),
            JSON.stringify({ batchid: newId(), events: told }),
          );
      },
    });
  }
}

async function registered(url: string) {
  const registry = await openRegistry({ url, key: randomBytes(32).toString('base64'), newId });
  try {
    const { id: traderId } = await registry.addTrader('ada', 'trader password');
    await registry.putBroker({ venue: 'demo', protocol: 'xapi', endpoint: { main: 'h:1' } });
    const login = { venue: 'demo', brokerLogin: '10001', name: 'x', mode: 'demo', password: 'x' } as const;
    const account = await registry.putAccount({ ...login, traderId });
    const tickers = { XAUUSD: { instrument: 'GOLD', unitsPerQuantity: '1' } } as const;
    const { integration, token } = await registry.addIntegration(account.id, 'signals', tickers);
    return { id: integration.id, accountId: account.id, token };
  } finally {
    await registry.close();
  }
}

/** No connector says that: it is written before there is a ledger. */
async function begin(url: string, subject: string): Promise<void> {
  const onLost = (error: Error): never => {
    throw error;
  };
  const writer = await PostgresEventLogWriter.open({ url, build: 'spec', appendTimeoutMs: 60_000, onLost });
  const events = [anEvent('AccountRegistered'), anEvent('AccountUpdated')].map((event) => ({
    ...event,
    id: newId(),
    subject,
  }));
  await writer.append({ events, answers: [], quarantined: [], checkpoint: null, recordedtime: now() });
  await writer.close();
}

const isOf = (event: RecordedEvent, strategyId: string): boolean => JSON.stringify(event.data).includes(strategyId);

const signal = (type: 'OPEN' | 'CLOSE', strategyId: string): object =>
  exampleDelivery(
    { type: `SIGNAL_${type}`, timestamp: Date.now() },
    { strategy: { id: strategyId, name: strategyId }, proquantPositionId: `p-${strategyId}` },
  );

describe('webhooks that are killed by SIGKILL while they carry out signals', () => {
  let webhooks: Webhooks;
  beforeAll(async () => (webhooks = await Webhooks.open()));
  afterAll(() => webhooks.close());

  it(`forget none that was kept and carry none out twice, ${KILLS} times`, async () => {
    const strategies = Array.from({ length: KILLS }, (_, n) => `kill-${n}-`);
    for (const [n, strategyId] of strategies.entries()) {
      const instance = await webhooks.living(n);
      const entry = signal('OPEN', strategyId);
      const answered = webhooks.deliver(instance, entry);
      const moment = present(MOMENTS[n % MOMENTS.length], 'there are moments');
      await until(() => webhooks.isAt(moment, strategyId));
      await instance.app.crash();
      await answered;
      // What was not kept is its sender's to repeat; nobody repeats what was.
      if ((await webhooks.kept(strategyId)).length === 0) await webhooks.deliver(await webhooks.living(n), entry);
      await webhooks.deliver(await webhooks.living(n), signal('CLOSE', strategyId));
    }

    await until(async () => {
      const states = await Promise.all(strategies.map((strategyId) => webhooks.kept(strategyId)));
      return states.every((of) => of.join() === 'done,done');
    });
    // What was answered is recorded to be executed a turn later.
    const executed = async () => (await webhooks.events()).filter(({ type }) => type === 'SignalExecuted').length;
    await until(async () => (await executed()) >= 2 * KILLS);
    const happened = (await webhooks.events()).map((event) => ({ event, type: event.type }));
    for (const strategyId of strategies) {
      const of = happened.filter(({ event }) => isOf(event, strategyId)).map(({ type }) => type);
      const count = (type: string): number => of.filter((each) => each === type).length;
      expect([strategyId, count('SignalReceived'), count('OrderRequested'), count('CloseRequested')]).toEqual([
        ...[strategyId, 2, 1, 1],
      ]);
      expect([strategyId, count('PositionOpened'), count('SignalExecuted')]).toEqual([strategyId, 1, 2]);
    }
  }, 1_200_000);
});
