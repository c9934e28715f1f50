import { MarketClient } from '@core/bus/market-client';
import { MarketView } from '@core/bus/market-view';
import { connectNats } from '@core/bus/nats-connection';
import type { MarketSnapshot } from '@core/contracts/market/quote';
import type { Venue } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { LedgerCore } from '@core/ledger/ledger-core';
import { LedgerSettings } from '@core/ledger/ledger-settings';
import { signingKeyOf } from '@core/log-proof/keys';
import { BUILD } from '@core/service/build';
import { newId } from '@core/service/clock';
import { Health } from '@core/service/health';
import { DatabaseSettings, NatsSettings } from '@core/service/service-settings';
import { Tracing } from '@core/service/tracing';
import { Logger, Module } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { Registry as Metrics } from 'prom-client';
import { CommandsController } from './commands/commands.controller.ts';
import { LogSettings, RetentionSettings, SealSettings } from './config.ts';
import { DiskRoom } from './disk-room.ts';
import { IntakeReader } from './intake/intake-reader.ts';
import { LedgerClock } from './ledger-clock.ts';
import { LedgerLifecycle } from './ledger-lifecycle.ts';
import { PrometheusMetrics } from './prometheus-metrics.ts';
import { ReadinessController } from './readiness.controller.ts';
import { LogRetention } from './retention/log-retention.ts';
import { DatabaseSink } from './sealing/database-sink.ts';
import { FileSink } from './sealing/file-sink.ts';
import { LogSealing } from './sealing/log-sealing.ts';
import { StreamSink } from './sealing/stream-sink.ts';
import { NATS_CONNECTION } from './tokens.ts';
import { tracedCommands, tracedMetrics } from './traced-metrics.ts';
import { VenuesController } from './venues.controller.ts';

/** Who decided, as it stands in events and batches. */
const SOURCE = `ledger@${BUILD}`;

/** A second instance waits here, with its health port up and not ready, until it is the first. */
async function openLog(
  { url, detached }: DatabaseSettings,
  { migrate, appendTimeoutMs, partitionEvents, writerSilentMs: silentMs }: LogSettings,
  { writer, head }: PrometheusMetrics,
  health: Health,
  { memoryBytes: forgottenBytes }: RetentionSettings,
  room: DiskRoom,
) {
  if (migrate) await migrateEventLog(url);
  await room.there();
  const onLost = (error: Error): never => {
    throw error;
  };
  const logger = new Logger('Log');
  const onStandby = (): void => {
    health.waiting('stands by: another ledger writes the log, and this one takes over when that ends');
    logger.log('stands by: another ledger writes the log');
  };
  const log = await PostgresEventLogWriter.open({
    ...{ url, detached, build: SOURCE, appendTimeoutMs, silentMs, forgottenBytes, partitionEvents },
    ...{ onLost, onStandby },
  });
  health.waiting(null);
  writer.set(1);
  head.set(await log.head());
  if (log.unrestricted) logger.warn('the database login may change the log: no role could be made');
  return log;
}

const ledgerOn = (
  log: PostgresEventLogWriter,
  nats: NatsConnection,
  prometheus: PrometheusMetrics,
  settings: LedgerSettings,
  { now, steadyMs }: LedgerClock,
  view: MarketView,
  tracing: Tracing,
): LedgerCore => {
  const publish = (body: string): void => nats.publish(subjects.feed, Buffer.from(body));
  const client = new MarketClient(nats);
  const askSnapshot = async (venue: Venue): Promise<MarketSnapshot | null> => {
    const snapshot = await client.snapshot(venue);
    if (snapshot) view.take(snapshot);
    return snapshot;
  };
  const market = view.priced.bind(view);
  const metrics = tracedMetrics(prometheus, tracing);
  const watching = { metrics, commanding: tracedCommands(tracing) };
  const ports = { log, publish, askSnapshot, market, ...watching, now, steadyMs, newId, source: SOURCE };
  return new LedgerCore(ports, settings);
};

function sealingOf({ url }: DatabaseSettings, seal: SealSettings, registry: Metrics): LogSealing {
  const { key, everyMs, events, file, databaseUrl, natsUrl } = seal;
  const sinks = [
    ...(file ? [new FileSink(file)] : []),
    ...(databaseUrl ? [new DatabaseSink(databaseUrl)] : []),
    ...(natsUrl ? [new StreamSink(natsUrl)] : []),
  ];
  return new LogSealing({ url, key: key ? signingKeyOf(key) : null, everyMs, events, sinks }, registry);
}

/** Holds the log's lock, takes in the intake and commands, gives out the log, the feed and answers. */
@Module({
  controllers: [CommandsController, VenuesController, ReadinessController],
  providers: [
    {
      provide: PostgresEventLogWriter,
      inject: [DatabaseSettings, LogSettings, PrometheusMetrics, Health, RetentionSettings, DiskRoom],
      useFactory: openLog,
    },
    {
      provide: NATS_CONNECTION,
      inject: [NatsSettings],
      useFactory: ({ url }: NatsSettings) => connectNats({ url, name: 'ledger' }),
    },
    {
      provide: LedgerClock,
      inject: [PostgresEventLogWriter, Metrics],
      useFactory: (log: PostgresEventLogWriter, metrics: Metrics) => LedgerClock.start(log, metrics),
    },
    PrometheusMetrics,
    DiskRoom,
    { provide: MarketView, useFactory: () => new MarketView() },
    {
      provide: LedgerCore,
      inject: [
        ...[PostgresEventLogWriter, NATS_CONNECTION, PrometheusMetrics],
        ...[LedgerSettings, LedgerClock, MarketView, Tracing],
      ],
      useFactory: ledgerOn,
    },
    { provide: LogSealing, inject: [DatabaseSettings, SealSettings, Metrics], useFactory: sealingOf },
    LogRetention,
    IntakeReader,
    LedgerLifecycle,
  ],
})
export class LedgerModule {}
