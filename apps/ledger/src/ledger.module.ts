import { connectNats } from '@core/bus/nats-connection';
import { subjects } from '@core/contracts/subjects';
import type { EventLogWriter } from '@core/event-log/event-log';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { BUILD } from '@core/service/build';
import { newId, now } from '@core/service/clock';
import { Health } from '@core/service/health';
import { Logger, Module } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { Registry } from 'prom-client';
import { Aggregates } from '@core/ledger/aggregates';
import { CommandDesk } from '@core/ledger/command-desk';
import { CommandsController } from './commands.controller.ts';
import { LedgerConfig } from './config.ts';
import { FirstAnswers } from '@core/ledger/command-deduplicator';
import { Instruments } from '@core/ledger/instruments';
import { IntakeReader } from './intake-reader.ts';
import { LedgerLife } from './ledger-life.ts';
import { Ledger } from '@core/ledger/ledger';
import { MarketController } from './market.controller.ts';
import { LedgerMetrics } from '@core/ledger/metrics';
import { LOG, NATS } from './tokens.ts';
import { WaitingLine } from '@core/ledger/write-queue';

const SOURCE = `ledger@${BUILD}`;

/** Holds the shard's lock, takes in the intake and commands, gives out the log, the feed and answers. */
@Module({
  controllers: [CommandsController, MarketController],
  providers: [
    {
      provide: LOG,
      inject: [LedgerConfig],
      /** A second instance waits here, with its health port up and not ready, until it is the first. */
      async useFactory({ databaseUrl, migrate, appendTimeoutMs }: LedgerConfig): Promise<EventLogWriter> {
        if (migrate) await migrateEventLog(databaseUrl);
        const log = await PostgresEventLogWriter.open({
          url: databaseUrl,
          build: SOURCE,
          appendTimeoutMs,
          onLost: (error) => {
            throw error;
          },
        });
        if (log.unrestricted) new Logger('Log').warn('the database login may change the log: no role could be made');
        return log;
      },
    },
    {
      provide: NATS,
      inject: [LedgerConfig],
      useFactory: ({ natsUrl }: LedgerConfig) => connectNats({ url: natsUrl, name: 'ledger' }),
    },
    {
      provide: WaitingLine,
      inject: [LedgerConfig],
      useFactory: (config: LedgerConfig) => new WaitingLine(config),
    },
    {
      provide: LedgerMetrics,
      inject: [Registry, WaitingLine],
      useFactory: (registry: Registry, line: WaitingLine) => new LedgerMetrics(registry, () => line.depth),
    },
    {
      provide: Aggregates,
      inject: [LOG, LedgerConfig],
      useFactory: (log: EventLogWriter, { aggregatesMax }: LedgerConfig) => new Aggregates(log, aggregatesMax),
    },
    {
      provide: FirstAnswers,
      inject: [LOG, LedgerConfig],
      useFactory: (log: EventLogWriter, { answersMax }: LedgerConfig) => new FirstAnswers(log, answersMax),
    },
    {
      provide: Instruments,
      inject: [NATS, LedgerConfig],
      useFactory: (nats: NatsConnection, config: LedgerConfig) => new Instruments(nats, config.instrumentsPauseMs),
    },
    {
      provide: CommandDesk,
      inject: [WaitingLine, Aggregates, FirstAnswers, Instruments, LedgerConfig],
      useFactory: (
        line: WaitingLine,
        aggregates: Aggregates,
        first: FirstAnswers,
        instruments: Instruments,
        config: LedgerConfig,
      ) => new CommandDesk(line, aggregates, first, instruments, { newId, source: SOURCE }, config),
    },
    {
      provide: Ledger,
      inject: [LOG, NATS, WaitingLine, CommandDesk, Aggregates, LedgerMetrics],
      useFactory(
        log: EventLogWriter,
        nats: NatsConnection,
        line: WaitingLine,
        desk: CommandDesk,
        aggregates: Aggregates,
        metrics: LedgerMetrics,
      ) {
        const publish = (body: string) => nats.publish(subjects.feed, Buffer.from(body));
        return new Ledger({ log, line, desk, aggregates, metrics, publish, now, newId, source: SOURCE });
      },
    },
    {
      provide: IntakeReader,
      inject: [LOG, NATS, WaitingLine, LedgerMetrics, LedgerConfig],
      async useFactory(
        log: EventLogWriter,
        nats: NatsConnection,
        line: WaitingLine,
        metrics: LedgerMetrics,
        config: LedgerConfig,
      ) {
        const logger = new Logger('Intake');
        return new IntakeReader(nats, await log.checkpoint(), {
          maxAgeMs: config.intakeMaxAgeMs,
          maxBytes: config.intakeMaxBytes,
          fetch: config.intakeFetch,
          pauseMs: config.intakePauseMs,
          metrics,
          take: (waiting) => line.addMessage(waiting),
          onTrouble: (error) => logger.warn({ err: error, msg: 'the intake cannot be read at the moment' }),
        });
      },
    },
    {
      provide: LedgerLife,
      inject: [Ledger, IntakeReader, WaitingLine, LOG, NATS, Health],
      useFactory: (...parts: ConstructorParameters<typeof LedgerLife>) => new LedgerLife(...parts),
    },
  ],
})
export class LedgerModule {}
