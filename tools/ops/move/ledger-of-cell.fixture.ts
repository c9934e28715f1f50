// A cell as a move meets it, for specs: a database with a log, and a ledger behind NATS that can be ended and begun anew.
import type { Answer, Command } from '@core/contracts/command';
import type { Event, RecordedEvent } from '@core/contracts/event';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { parseLine } from '@core/event-log/stored-line';
import { present } from '@core/kernel/present';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { connect, type NatsConnection } from 'nats';
import { Pool } from 'pg';

const onLost = (error: Error): never => {
  throw error;
};

export class LedgerOfCell {
  private readonly underway = new Set<Promise<unknown>>();
  private restarting: Promise<void> = Promise.resolve();
  private running: { readonly writer: PostgresEventLogWriter; readonly ledger: MemoryLedger } | null = null;

  private constructor(
    readonly name: string,
    readonly database: FreshDatabase,
    private readonly nats: ThrowawayNats,
    private readonly connection: NatsConnection,
    private readonly pool: Pool,
  ) {}

  static async open(name: string): Promise<LedgerOfCell> {
    const [database, nats] = await Promise.all([freshDatabase(), ThrowawayNats.start()]);
    await migrateEventLog(database.url);
    const connection = await connect({ servers: [nats.url] });
    const cell = new LedgerOfCell(
      name,
      database,
      nats,
      connection,
      new Pool({ connectionString: database.url, max: 1 }),
    );
    await cell.begin();
    connection.subscribe('command.>', {
      callback: (_error, message) => {
        const answered = cell.send(message.json<Command>());
        void answered.then(
          (answer) => message.respond(Buffer.from(JSON.stringify(answer))),
          () => undefined,
        );
      },
    });
    await connection.flush();
    return cell;
  }

  get environment(): Readonly<Record<string, string>> {
    const prefix = `CELL_${this.name.toUpperCase()}_`;
    return { [`${prefix}DATABASE_URL`]: this.database.url, [`${prefix}NATS_URL`]: this.nats.url };
  }

  /** Who asks while it is restarted waits; who is being answered is answered first. */
  async send(command: Command): Promise<Answer> {
    await this.restarting;
    const asked = present(this.running, 'it runs').ledger.send(command);
    this.underway.add(asked);
    try {
      return await asked;
    } finally {
      this.underway.delete(asked);
    }
  }

  /** As a connector tells it. */
  async report(...events: readonly Event[]): Promise<void> {
    await this.restarting;
    const told = present(this.running, 'it runs').ledger.report(...events);
    this.underway.add(told);
    await told.finally(() => this.underway.delete(told));
  }

  restart(): Promise<void> {
    const before = [...this.underway];
    return (this.restarting = this.beginAgain(before));
  }

  /** What the log has of an account, as it is stored. */
  async past(account: string): Promise<RecordedEvent[]> {
    const { rows } = await this.pool.query<{ line: string }>(
      'select core.event_line(e) as line from core.event e where account_id = $1 order by version',
      [account],
    );
    return rows.map(({ line }) => parseLine(line));
  }

  async close(): Promise<void> {
    const { writer, ledger } = present(this.running, 'it runs');
    await ledger.end();
    await writer.close();
    await this.pool.end();
    await this.connection.close();
    await this.nats.stop();
    await this.database.drop();
  }

  private async beginAgain(underway: readonly Promise<unknown>[]): Promise<void> {
    const { writer, ledger } = present(this.running, 'it runs');
    await Promise.allSettled(underway);
    await ledger.end();
    await writer.close();
    await this.begin();
  }

  private async begin(): Promise<void> {
    const build = `ledger-of-${this.name}@0`;
    const writer = await PostgresEventLogWriter.open({
      url: this.database.url,
      build,
      appendTimeoutMs: 20_000,
      onLost,
    });
    this.running = { writer, ledger: new MemoryLedger({ log: writer }) };
  }
}
