import { MarketView } from '@core/bus/market-view';
import { requireNats } from '@core/bus/nats-readiness';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { LedgerCore } from '@core/ledger/ledger-core';
import { Health } from '@core/service/health';
import { inBackground } from '@core/service/in-background';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { DiskRoom } from './disk-room.ts';
import { IntakeReader } from './intake/intake-reader.ts';
import { LedgerClock } from './ledger-clock.ts';
import { PrometheusMetrics } from './prometheus-metrics.ts';
import { LogRetention } from './retention/log-retention.ts';
import { LogSealing } from './sealing/log-sealing.ts';
import { NATS_CONNECTION } from './tokens.ts';

/** How often it is noticed that nobody speaks for a venue any more. */
const LISTEN_MS = 1_000;

/** Starts what runs for ever, before the first command can come, and ends it after the last. */
@Injectable()
export class LedgerLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  private running: Promise<unknown> = Promise.resolve();
  private listening: NodeJS.Timeout | undefined;

  constructor(
    @Inject(LedgerCore) private readonly ledger: LedgerCore,
    @Inject(IntakeReader) private readonly intake: IntakeReader,
    @Inject(PostgresEventLogWriter) private readonly log: PostgresEventLogWriter,
    @Inject(NATS_CONNECTION) private readonly nats: NatsConnection,
    @Inject(PrometheusMetrics) private readonly metrics: PrometheusMetrics,
    @Inject(Health) private readonly health: Health,
    @Inject(LedgerClock) private readonly clock: LedgerClock,
    @Inject(MarketView) private readonly market: MarketView,
    @Inject(LogSealing) private readonly sealing: LogSealing,
    @Inject(LogRetention) private readonly retention: LogRetention,
    @Inject(DiskRoom) private readonly room: DiskRoom,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { queue, loop } = this.ledger;
    this.metrics.watchQueue(() => queue.depth);
    this.health.register('intake', () => {
      if (!this.intake.isAttached) throw new Error('the intake is not being read');
    });
    this.health.register('postgres', async () => void (await this.log.head()));
    this.health.register('nats', () => requireNats(this.nats));
    this.health.register('commits', () => loop.committed());
    this.health.note(() => this.clock.whyInDoubt());
    this.listening = setInterval(() => this.market.listen(), LISTEN_MS).unref();
    this.health.note(() => this.sealing.whyInDoubt());
    this.health.note(() => this.retention.whyInDoubt());
    await loop.prepare();
    inBackground('the ids of answered commands are read', this.ledger.recall());
    this.sealing.start();
    this.retention.start();
    // None returns before shutdown; whatever they throw is nobody's to handle, and ends the process.
    this.running = Promise.all([loop.run(), this.intake.run(), this.room.watch()]);
  }

  /** What was taken is committed and told; what was not waits in the intake. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.listening);
    this.intake.stop();
    this.clock.stop();
    this.room.stop();
    this.ledger.queue.close();
    await this.running;
    await Promise.all([this.sealing.stop(), this.retention.stop()]);
    await this.nats.drain();
    await this.log.close();
  }
}
