import { connectNats } from '@core/bus/nats-connection';
import type { Event } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples.fixture';
import { subjects } from '@core/contracts/subjects';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { AppProcess } from '@core/machine/app-process';
import { within } from '@core/machine/within';
import { present } from '@core/kernel/present';
import { openRegistry } from '@core/registry/registry';
import { newId, now } from '@core/service/clock';
import { AppInstances, type AppInstance } from '@core/testing/app-instances';
import { freePort } from '@core/testing/free-port';
import { killsOf } from '@core/testing/kills';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { PATIENCE_MS, until } from '@core/testing/until';
import type { NatsConnection } from 'nats';
import { WebSocket } from 'ws';
import { Client, type Frame } from './ws-session-harness.fixture.ts';

const KILLS = killsOf(25);
const INSTANCES = 3;
const ACCOUNTS = 3;
/** So much happens while an instance is killed that it cannot have told all of it. */
const BURST = 40;
const FEATURES = ['sequence', 'snapshot'];
/** One key comes back with every kill within the life of a lease, from one address. */
const BUSY = { SESSIONS_PER_KEY: '1000', CONNECTS_PER_MINUTE: '100000', TICK_MS: '20' };

/** The real processes on real servers: a ledger, and instances of ws-session that may be killed at any moment. */
class Instances {
  private constructor(
    readonly database: FreshDatabase,
    readonly accounts: readonly string[],
    private readonly servers: ThrowawayNats,
    private readonly nats: NatsConnection,
    private readonly ledger: AppProcess,
    readonly log: PostgresEventLog,
    private readonly secret: string,
    private readonly instances: AppInstances,
  ) {}

  static async open(): Promise<Instances> {
    const [database, servers] = await Promise.all([freshDatabase(), ThrowawayNats.start()]);
    const env = { DATABASE_URL: database.url, NATS_URL: servers.url, LOG_LEVEL: 'warn' };
    await migrateEventLog(database.url);
    const accounts = Array.from({ length: ACCOUNTS }, newId);
    await register(database.url, accounts);
    const registry = await openRegistry({ url: database.url, newId });
    const everything = { name: 'everything', traderIds: null, accountIds: null, prices: false };
    const { secret } = await registry.keys.add(everything);
    await registry.close();
    const ledger = new AppProcess({ name: 'ledger', opsPort: await freePort(), env });
    await ledger.start();
    const instances = await AppInstances.launch('ws-session', INSTANCES, { ...env, ...BUSY });
    const nats = await connectNats({ url: servers.url, name: 'ws-session-kills' });
    const log = new PostgresEventLog({ url: database.url });
    const harness = new Instances(database, accounts, servers, nats, ledger, log, secret, instances);
    return harness;
  }

  living(n: number): Promise<AppInstance> {
    return this.instances.living(n);
  }

  /** States facts as a connector does, of every account in turn. */
  happen(count: number, eventOf: (subject: string) => Event): void {
    for (let n = 0; n < count; n += 1) {
      const event = eventOf(present(this.accounts[n % ACCOUNTS], 'there are accounts'));
      this.nats.publish(subjects.intake(event.subject), JSON.stringify({ batchid: newId(), events: [event] }));
    }
  }

  /** Comes back as clients do that are told to: a key that could not be looked up in time is not refused. */
  async enter(n: number, cursor: string | null): Promise<{ readonly client: Client; readonly instance: AppInstance }> {
    for (;;) {
      const instance = await this.living(n);
      const client = new Client(new WebSocket(`ws://127.0.0.1:${instance.port}/ws`));
      await client.opened();
      const resume = cursor === null ? {} : { resume: { cursor } };
      client.ask('auth', { auth_request: { secret_key: this.secret, features: FEATURES, ...resume } });
      const { result, resume: resumed } = await client.heard('auth_result');
      if (result === 'auth_failed') {
        await client.ended();
        continue;
      }
      expect([result, resumed]).toEqual(['success', cursor === null ? null : 'replayed']);
      return { client, instance };
    }
  }

  async close(): Promise<void> {
    await this.instances.close();
    await this.ledger.crash();
    await Promise.all([this.log.close(), this.nats.close()]);
    await Promise.all([this.database.drop(), this.servers.stop()]);
  }
}

/** No connector says that: it is written before there is a ledger. */
async function register(url: string, accounts: readonly string[]): Promise<void> {
  const onLost = (error: Error): never => {
    throw error;
  };
  const writer = await PostgresEventLogWriter.open({ url, build: 'spec', appendTimeoutMs: 60_000, onLost });
  const events = accounts.map((subject) =>
    anEvent('AccountRegistered', { traderId: newId() }, { id: newId(), subject }),
  );
  await writer.append({ events, answers: [], quarantined: [], checkpoint: null, recordedtime: now() });
  await writer.close();
}

const deposit = (subject: string): Event =>
  anEvent('BalanceChanged', {}, { id: newId(), subject, correlationid: newId() });

const told = (client: Client): Frame[] => client.frames.filter(({ sequence }) => sequence !== undefined);

describe('16.5: instances of ws-session that are killed by SIGKILL', () => {
  let system: Instances;
  beforeAll(async () => (system = await Instances.open()));
  afterAll(() => system.close());

  it(`lose nothing of what is told meanwhile and tell nothing twice, ${KILLS} times`, async () => {
    const { client: first } = await system.enter(0, null);
    let { cursor } = await first.heard('sync_completed');
    const start = await system.log.head();
    const heard: Frame[] = [];
    const take = (client: Client): void => {
      heard.push(...told(client));
      cursor = told(client).at(-1)?.cursor ?? cursor;
    };

    for (let kill = 0; kill < KILLS; kill += 1) {
      const { client, instance } = await system.enter(kill, String(cursor));
      system.happen(BURST, deposit);
      // Now it tells what was missed, now it has told some of what happens.
      await until(() => told(client).length > kill % 10);
      await instance.app.crash();
      await client.ended();
      take(client);
    }

    const all = KILLS * BURST;
    await until(async () => (await system.log.head()) >= start + all);
    const { client: last } = await system.enter(KILLS, String(cursor));
    // Whatever is missing then is said below, event by event.
    await within(PATIENCE_MS, () => last.closed !== null || heard.length + told(last).length >= all);
    expect(last.closed).toBeNull();
    take(last);
    last.leave();

    const committed: string[] = [];
    for await (const page of system.log.read(start)) committed.push(...page.map(({ id }) => id));
    expect(heard.map(({ message_id }) => message_id)).toEqual(committed);
    for (const account of system.accounts) {
      const ours = heard.filter((frame) => JSON.stringify(frame).includes(account));
      expect(ours.map(({ sequence }) => sequence)).toEqual(ours.map((_, n) => 2 + n));
    }
  }, 1_200_000);
});
