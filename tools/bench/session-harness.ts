import { connectNats } from '@core/bus/nats-connection';
import type { Event } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples.fixture';
import type { AccountId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { AppProcess } from '@core/machine/app-process';
import { within } from '@core/machine/within';
import { openRegistry } from '@core/registry/registry';
import { newId, now } from '@core/service/clock';
import type { NatsConnection } from 'nats';
import { join } from 'node:path';
import { progressOf } from '../ops/progress.ts';
import { heldBytes, memoryProbe } from './memory.ts';
import { Metrics } from './metrics.ts';
import type { Servers } from './servers.ts';

const BATCH = 2_000;
const TOLD_AT_ONCE = 200;
const WAIT_MS = 600_000;
/** Everything that one machine would be refused for; clients that only listen answer no Pings. */
const UNBOUND = {
  ...{ CONNECTIONS_MAX: '100000', CONNECTIONS_PER_ADDRESS: '10000', CONNECTS_PER_MINUTE: '100000' },
  ...{ SESSIONS_PER_KEY: '10000', PING_INTERVAL_MS: '60000', PONG_TIMEOUT_MS: '600000' },
  // An instance that was killed had saved its states many times.
  SNAPSHOT_MS: '2000',
};

const onLost = (error: Error): never => {
  throw error;
};

/** A ledger and one ws-session, accounts in the log, and a key that sees all of them. */
export class SessionBench {
  private constructor(
    private readonly ledger: AppProcess,
    readonly sessions: AppProcess,
    private readonly nats: NatsConnection,
    readonly log: PostgresEventLog,
    readonly accounts: readonly AccountId[],
    readonly secret: string,
    readonly port: number,
    private readonly memoryPort: number,
  ) {}

  /** `before` is what the log holds already, beside the accounts' registrations. */
  static async open(
    { databaseUrl, natsUrl, ports, logs }: Servers,
    count: number,
    before: (accounts: readonly AccountId[]) => Iterable<Event> = () => [],
  ): Promise<SessionBench> {
    const accounts = Array.from({ length: count }, newId);
    await migrateEventLog(databaseUrl);
    await fillLog(databaseUrl, [...accounts.map(registered), ...before(accounts)]);
    const registry = await openRegistry({ url: databaseUrl, newId });
    const everything = { name: `bench-${newId()}`, traderIds: null, accountIds: null, prices: false };
    const { secret } = await registry.keys.add(everything);
    await registry.close();
    const env = { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'warn' };
    const claim = (name: string) => ports.claim(`sessions-${name}`, 0);
    const [port, memory] = [await claim('port'), await claim('memory')];
    const probe = memoryProbe(memory);
    const ledger = new AppProcess({ name: 'ledger', opsPort: await claim('ledger'), env }, join(logs, 'ledger.log'));
    const sessions = new AppProcess(
      { name: 'ws-session', opsPort: await claim('ops'), env: { ...env, ...UNBOUND, ...probe, PORT: String(port) } },
      join(logs, 'ws-session.log'),
    );
    const nats = await connectNats({ url: natsUrl, name: 'bench-sessions' });
    const log = new PostgresEventLog({ url: databaseUrl });
    const bench = new SessionBench(ledger, sessions, nats, log, accounts, secret, port, memory);
    try {
      await ledger.start();
      await sessions.start();
      return bench;
    } catch (error) {
      await bench.close();
      throw error;
    }
  }

  /** What a session says first. */
  auth(asked: Record<string, unknown> = {}): string {
    const auth_request = { secret_key: this.secret, ...asked };
    return JSON.stringify({ message_id: 'auth', message_type: { client_message: { auth_request } } });
  }

  /** Milliseconds of CPU that ws-session has used. */
  async cpuMs(): Promise<number> {
    return (await Metrics.read(this.sessions.spec.opsPort)).cpuMs;
  }

  /** Bytes that ws-session holds, its garbage collected. */
  heldBytes(): Promise<number> {
    return heldBytes(this.memoryPort);
  }

  /** States facts as a connector does: those of one account together. */
  state(subject: AccountId, events: readonly Event[]): void {
    this.nats.publish(subjects.intake(subject), JSON.stringify({ batchid: newId(), events }));
  }

  /** States them, and resolves when the log has all of them. */
  async append(events: Iterable<Event>, count: number): Promise<void> {
    const until = (await this.log.head()) + count;
    const byAccount = new Map<AccountId, Event[]>();
    for (const event of events) {
      const waiting = byAccount.get(event.subject) ?? [];
      byAccount.set(event.subject, waiting);
      waiting.push(event);
      if (waiting.length < TOLD_AT_ONCE) continue;
      this.state(event.subject, waiting);
      byAccount.delete(event.subject);
    }
    for (const [subject, waiting] of byAccount) this.state(subject, waiting);
    await this.nats.flush();
    if (!(await within(WAIT_MS, async () => (await this.log.head()) >= until)))
      throw new Error(`the log is at ${await this.log.head()}, not at ${until}`);
  }

  async close(): Promise<void> {
    await this.sessions.crash();
    await this.ledger.crash();
    await this.nats.close();
    await this.log.close();
  }
}

const registered = (subject: AccountId): Event =>
  anEvent('AccountRegistered', { traderId: newId() }, { id: newId(), subject });

/** Writes what no connector says, before there is a ledger. */
export async function fillLog(url: string, events: readonly Event[]): Promise<void> {
  const writer = await PostgresEventLogWriter.open({ url, build: 'bench', appendTimeoutMs: 60_000, onLost });
  const progress = progressOf('events in the log');
  try {
    for (let from = 0; from < events.length; from += BATCH) {
      const batch = events.slice(from, from + BATCH);
      await writer.append({ events: batch, answers: [], quarantined: [], checkpoint: null, recordedtime: now() });
      progress.at(from + batch.length, events.length);
    }
  } finally {
    progress.end();
    await writer.close();
  }
}
