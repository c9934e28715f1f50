import { MarketClient } from '@core/bus/market-client';
import { connectNats } from '@core/bus/nats-connection';
import { subjects } from '@core/contracts/subjects';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { LedgerCore } from '@core/ledger/ledger-core';
import { LedgerSettings } from '@core/ledger/ledger-settings';
import { BUILD } from '@core/service/build';
import { newId } from '@core/service/clock';
import { DatabaseSettings, NatsSettings } from '@core/service/service-settings';
import { Logger, Module } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { Registry as Metrics } from 'prom-client';
import { CommandsController } from './commands/commands.controller.ts';
import { LogSettings } from './config.ts';
import { IntakeReader } from './intake/intake-reader.ts';
import { LedgerClock } from './ledger-clock.ts';
import { LedgerLifecycle } from './ledger-lifecycle.ts';
import { InstrumentsController } from './instruments.controller.ts';
import { PrometheusMetrics } from './prometheus-metrics.ts';
import { ReadinessController } from './readiness.controller.ts';
import { NATS_CONNECTION } from './tokens.ts';

/** Who decided, as it stands in events and batches. */
const SOURCE = `ledger@${BUILD}`;

/** A second instance waits here, with its health port up and not ready, until it is the first. */
async function openLog({ url }: DatabaseSettings, { migrate, appendTimeoutMs }: LogSettings) {
  if (migrate) await migrateEventLog(url);
  const onLost = (error: Error): never => {
    throw error;
  };
  const log = await PostgresEventLogWriter.open({ url, build: SOURCE, appendTimeoutMs, onLost });
  if (log.unrestricted) new Logger('Log').warn('the database login may change the log: no role could be made');
  return log;
}

const ledgerOn = (
  log: PostgresEventLogWriter,
  nats: NatsConnection,
  metrics: PrometheusMetrics,
  settings: LedgerSettings,
  { now, steadyMs }: LedgerClock,
): LedgerCore => {
  const publish = (body: string): void => nats.publish(subjects.feed, Buffer.from(body));
  const market = new MarketClient(nats);
  const askSnapshot = market.snapshot.bind(market);
  return new LedgerCore({ log, publish, askSnapshot, metrics, now, steadyMs, newId, source: SOURCE }, settings);
};

/** Holds the log's lock, takes in the intake and commands, gives out the log, the feed and answers. */
@Module({
  controllers: [CommandsController, InstrumentsController, ReadinessController],
  providers: [
    { provide: PostgresEventLogWriter, inject: [DatabaseSettings, LogSettings], useFactory: openLog },
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
    {
      provide: LedgerCore,
      inject: [PostgresEventLogWriter, NATS_CONNECTION, PrometheusMetrics, LedgerSettings, LedgerClock],
      useFactory: ledgerOn,
    },
    IntakeReader,
    LedgerLifecycle,
  ],
})
export class LedgerModule {}
