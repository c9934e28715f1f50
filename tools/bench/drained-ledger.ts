import { CommandClient } from '@core/bus/command-client';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { connectNats } from '@core/bus/nats-connection';
import { aCommand } from '@core/contracts/command-examples.fixture';
import type { FeedBatch, IntakeBatch } from '@core/contracts/feed';
import type { AccountId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import type { AppSpec } from '@core/machine/app-process';
import { Supervisor } from '@core/machine/supervisor';
import { newId } from '@core/service/clock';
import type { NatsConnection } from 'nats';
import { brokerFacts, EVENTS_PER_ROUND, rounds } from './events.ts';
import { heldBytes, memoryProbe } from './memory.ts';
import type { Servers } from './servers.ts';

const DRAIN_TIMEOUT_MS = 120_000;
const REGISTERED_AT_ONCE = 100;

/** A ledger that is not running while a backlog is made for it, and the accounts that it knows. */
export class DrainedLedger {
  readonly accounts: AccountId[] = [];

  private constructor(
    private readonly servers: Servers,
    private readonly app: AppSpec,
    private readonly memoryPort: number,
  ) {}

  static async open(servers: Servers): Promise<DrainedLedger> {
    const { databaseUrl, natsUrl, ports } = servers;
    const memoryPort = await ports.claim('ledger-memory', 0);
    const env = { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, ...memoryProbe(memoryPort) };
    return new DrainedLedger(servers, { name: 'ledger', opsPort: await ports.claim('ledger-ops', 0), env }, memoryPort);
  }

  /** Registers accounts up to this number in a life of the ledger; the bytes that it held then, its garbage collected. */
  async grow(accounts: number): Promise<number> {
    const { natsUrl, logs } = this.servers;
    const supervisor = new Supervisor(logs, console.log);
    const connection = await connectNats({ url: natsUrl, name: 'bench' });
    try {
      await supervisor.start(this.app);
      const commands = new CommandClient(new NatsCommandTransport(connection), 'bench');
      const register = async (): Promise<void> => {
        const account = newId();
        const { type, data } = aCommand('RegisterAccount');
        await commands.ask(account, { type, data }, { timeoutMs: DRAIN_TIMEOUT_MS });
        this.accounts.push(account);
      };
      while (this.accounts.length < accounts) {
        const more = Math.min(REGISTERED_AT_ONCE, accounts - this.accounts.length);
        await Promise.all(Array.from({ length: more }, register));
      }
      return await heldBytes(this.memoryPort);
    } finally {
      await supervisor.stop();
      await connection.close();
    }
  }

  /** It has to catch up: events a second between the first batch it tells of and the last. */
  async drain(backlog: readonly IntakeBatch[]): Promise<number> {
    const { natsUrl, logs } = this.servers;
    const supervisor = new Supervisor(logs, console.log);
    const connection = await connectNats({ url: natsUrl, name: 'bench' });
    try {
      for (const batch of backlog) {
        connection.publish(subjects.intake(batch.events[0]?.subject ?? ''), Buffer.from(JSON.stringify(batch)));
      }
      await connection.flush();
      const wanted = backlog.reduce((sum, { events }) => sum + events.length, 0);
      const [rate] = await Promise.all([tellingRate(connection, wanted), supervisor.start(this.app)]);
      return rate;
    } finally {
      await supervisor.stop();
      await connection.close();
    }
  }
}

async function tellingRate(connection: NatsConnection, wanted: number): Promise<number> {
  const feed = connection.subscribe(subjects.feed);
  const timer = setTimeout(() => feed.unsubscribe(), DRAIN_TIMEOUT_MS);
  let [seen, first, start] = [0, 0, 0];
  for await (const message of feed) {
    seen += message.json<FeedBatch>().events.length;
    if (first === 0) [first, start] = [seen, performance.now()];
    if (seen >= wanted) break;
  }
  clearTimeout(timer);
  if (seen < wanted) throw new Error(`the ledger told of ${seen} of ${wanted} events`);
  return ((seen - first) / (performance.now() - start)) * 1000;
}

/** What senders would have sent: each account's events in order, ten to a message. */
export function* messages(accounts: readonly AccountId[], count: number): Generator<IntakeBatch> {
  let events = [];
  for (const event of rounds(accounts, count / (accounts.length * EVENTS_PER_ROUND), brokerFacts)) {
    events.push(event);
    if (events.length < EVENTS_PER_ROUND) continue;
    yield { batchid: newId(), events };
    events = [];
  }
}
