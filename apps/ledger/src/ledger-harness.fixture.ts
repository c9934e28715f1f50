import type { CommandTransport } from '@core/bus/command-client';
import { IntakeSender } from '@core/bus/intake-sender';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { connectNats } from '@core/bus/nats-connection';
import { natsMicroservice } from '@core/bus/nest-nats';
import type { Event, RecordedEvent } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples.fixture';
import type { FeedBatch } from '@core/contracts/feed';
import { subjects } from '@core/contracts/subjects';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { newId } from '@core/service/clock';
import { loadConfig } from '@core/service/load-config';
import { ServiceModule } from '@core/service/service.module';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { until } from '@core/testing/until';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NatsConnection } from 'nats';
import { Client } from 'pg';
import { ledgerConfig } from './config.ts';
import { IntakeReader } from './intake/intake-reader.ts';
import { LedgerModule } from './ledger.module.ts';
import { PrometheusMetrics } from './prometheus-metrics.ts';

/** A real database, a real NATS server, and what stands around a ledger: a sender of facts and a sender of commands. */
export class LedgerHarness {
  readonly fed: FeedBatch[] = [];
  readonly refused: string[] = [];
  private readonly apps: INestMicroservice[] = [];

  private constructor(
    readonly database: FreshDatabase,
    readonly nats: ThrowawayNats,
    readonly connection: NatsConnection,
    readonly sender: IntakeSender,
    readonly commands: CommandTransport,
    readonly log: PostgresEventLog,
  ) {}

  static async open(): Promise<LedgerHarness> {
    const [database, nats] = await Promise.all([freshDatabase(), ThrowawayNats.start()]);
    await migrateEventLog(database.url);
    const connection = await connectNats({ url: nats.url, name: 'ledger-spec' });
    const log = new PostgresEventLog({ url: database.url });
    const sender = new IntakeSender(connection, {
      resendMs: 200,
      saturatedAt: 100_000,
      newId,
      holding: (ids) => log.holding(ids),
    });
    const harness: LedgerHarness = new LedgerHarness(
      database,
      nats,
      connection,
      sender,
      new NatsCommandTransport(connection),
      log,
    );
    sender.onRefused((event) => void harness.refused.push(event.id));
    void (async () => {
      for await (const message of connection.subscribe(subjects.feed)) {
        const batch = message.json<FeedBatch>();
        harness.fed.push(batch);
        sender.confirm(batch);
      }
    })();
    return harness;
  }

  get environment() {
    return { DATABASE_URL: this.database.url, NATS_URL: this.nats.url };
  }

  /** A ledger in this process, reading the intake. */
  async start(environment: Readonly<Record<string, string>> = {}): Promise<INestMicroservice> {
    const config = loadConfig(ledgerConfig, { ...this.environment, INTAKE_PAUSE_MS: '20', ...environment });
    const root = { module: class Root {}, imports: [ServiceModule.forTest(config), LedgerModule] };
    const transport = natsMicroservice({ url: this.nats.url, name: 'ledger-commands' });
    const app = await NestFactory.createMicroservice(root, { ...transport, logger: false });
    await app.listen();
    this.apps.push(app);
    await until(() => app.get(IntakeReader).isAttached);
    return app;
  }

  async stop(): Promise<void> {
    for (const app of this.apps.splice(0)) await app.close();
  }

  /** A ledger that failed closes nothing itself; what a spec opened is closed all the same. */
  async close(): Promise<void> {
    this.sender.close();
    try {
      await this.stop();
    } finally {
      await this.connection.close();
      await this.log.close();
      await this.nats.stop();
      await this.database.drop();
    }
  }

  async sql<Row>(text: string): Promise<Row[]> {
    const client = new Client({ connectionString: this.database.url });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Before a ledger starts: facts are taken of these accounts, as if they had been registered. */
  async know(...accounts: readonly string[]): Promise<void> {
    await this.sql(`insert into core.account values ${accounts.map((account) => `('${account}')`).join(', ')}`);
  }

  async events(): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of this.log.read(0)) events.push(...page);
    return events;
  }
}

export const aFact = (subject: string): Event => anEvent('EquityMarked', {}, { id: newId(), subject });

export const someFacts = (subject: string, count: number): Event[] =>
  Array.from({ length: count }, () => aFact(subject));

/** From where the intake was opened, in order of first occurrence, with how often. */
export async function openings(app: INestMicroservice): Promise<Record<string, number>> {
  const { values } = await app.get(PrometheusMetrics).intakeOpened.get();
  return Object.fromEntries(values.map(({ labels, value }) => [labels.why, value]));
}
