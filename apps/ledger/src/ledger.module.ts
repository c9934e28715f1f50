import { MarketClient } from '@core/bus/market-client';
import { connectNats } from '@core/bus/nats-connection';
import { subjects } from '@core/contracts/subjects';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { LedgerCore } from '@core/ledger/ledger-core';
import { BUILD } from '@core/service/build';
import { newId, now } from '@core/service/clock';
import { Logger, Module } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { CommandsController } from './commands/commands.controller.ts';
import { LedgerConfig } from './config.ts';
import { IntakeReader } from './intake/intake-reader.ts';
import { LedgerLifecycle } from './ledger-lifecycle.ts';
import { MarketController } from './market.controller.ts';
import { PrometheusMetrics } from './prometheus-metrics.ts';
import { NATS } from './tokens.ts';

/** Who decided, as it stands in events and batches. */
const SOURCE = `ledger@${BUILD}`;

/** A second instance waits here, with its health port up and not ready, until it is the first. */
async function openLog({ databaseUrl, migrate, appendTimeoutMs }: LedgerConfig): Promise<PostgresEventLogWriter> {
  if (migrate) await migrateEventLog(databaseUrl);
  const onLost = (error: Error): never => {
    throw error;
  };
  const log = await PostgresEventLogWriter.open({ url: databaseUrl, build: SOURCE, appendTimeoutMs, onLost });
  if (log.unrestricted) new Logger('Log').warn('the database login may change the log: no role could be made');
  return log;
}

const ledgerOn = (
  log: PostgresEventLogWriter,
  nats: NatsConnection,
  metrics: PrometheusMetrics,
  config: LedgerConfig,
): LedgerCore => {
  const publish = (body: string): void => nats.publish(subjects.feed, Buffer.from(body));
  const market = new MarketClient(nats);
  const askSnapshot = market.snapshot.bind(market);
  return new LedgerCore({ log, publish, askSnapshot, metrics, now, newId, source: SOURCE }, config);
};

/** Holds the log's lock, takes in the intake and commands, gives out the log, the feed and answers. */
@Module({
  controllers: [CommandsController, MarketController],
  providers: [
    { provide: PostgresEventLogWriter, inject: [LedgerConfig], useFactory: openLog },
    {
      provide: NATS,
      inject: [LedgerConfig],
      useFactory: ({ natsUrl: url }: LedgerConfig) => connectNats({ url, name: 'ledger' }),
    },
    PrometheusMetrics,
    {
      provide: LedgerCore,
      inject: [PostgresEventLogWriter, NATS, PrometheusMetrics, LedgerConfig],
      useFactory: ledgerOn,
    },
    IntakeReader,
    LedgerLifecycle,
  ],
})
export class LedgerModule {}
