import type { EventLogWriter } from '@core/event-log/event-log';
import type { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import type { Health } from '@core/service/health';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import type { IntakeReader } from './intake-reader.ts';
import type { Ledger } from '@core/ledger/ledger';
import type { WaitingLine } from '@core/ledger/write-queue';

/** Starts what runs for ever, before the first command can come, and ends it after the last. */
export class LedgerLife implements OnApplicationBootstrap, OnApplicationShutdown {
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly ledger: Ledger,
    private readonly intake: IntakeReader,
    private readonly line: WaitingLine,
    private readonly log: EventLogWriter & Pick<PostgresEventLogWriter, 'close'>,
    private readonly nats: NatsConnection,
    private readonly health: Health,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.health.register('intake', () => {
      if (!this.intake.isAttached) throw new Error('the intake is not being read');
    });
    this.health.register('postgres', async () => void (await this.log.head()));
    await this.ledger.prepare();
    // Neither returns before shutdown; whatever they throw is nobody's to handle, and ends the process.
    this.running = Promise.all([this.ledger.run(), this.intake.run()]);
  }

  /** What was taken is committed and told; what was not waits in the intake. */
  async onApplicationShutdown(): Promise<void> {
    this.intake.stop();
    this.line.close();
    await this.running;
    await this.nats.drain();
    await this.log.close();
  }
}
