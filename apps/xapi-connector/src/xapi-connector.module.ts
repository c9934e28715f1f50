import { CommandClient } from '@core/bus/command-client';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { IntakeSender } from '@core/bus/intake-sender';
import { connectNats } from '@core/bus/nats-connection';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { prometheusMetrics } from '@core/projection-runner/metrics';
import { migrateProjections } from '@core/projection-runner/migrations';
import { PostgresSnapshots } from '@core/projection-runner/postgres-snapshots';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { brokerBook } from '@core/projections/broker-book/fold';
import { openRegistry, type Registry as AccountRegistry } from '@core/registry/registry';
import { BUILD } from '@core/service/build';
import { newId, now } from '@core/service/clock';
import { Health } from '@core/service/health';
import { Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { Pool } from 'pg';
import { Registry as Metrics } from 'prom-client';
import { EgressAddresses } from './transport/egress.ts';
import { RefusedEvents } from '@core/connector/accounts/refused-events';
import { AccountDirectory } from '@core/connector/accounts/account-directory';
import { ConnectorLife } from '@core/connector/accounts/account-supervisor';
import { ConnectorConfig } from './config.ts';
import { FeedController } from './feed.controller.ts';
import { LeaseStore } from '@core/connector/leases/lease-store';
import { ConnectorMetrics } from '@core/connector/metrics';
import { driftRules, sessionOptions } from './session-options.ts';
import { ACCOUNTS, INSTANCE, LOG, NATS, POOL } from './tokens.ts';

const SOURCE = `xapi-connector@${BUILD}`;
const SNAPSHOT_CONNECTIONS = 2;

/** Holds sessions at brokers; takes in the feed and the brokers' sockets, gives out events, quotes and instruments. */
@Module({
  controllers: [FeedController],
  providers: [
    RefusedEvents,
    {
      provide: INSTANCE,
      inject: [ConnectorConfig],
      useFactory: ({ connectorId }: ConnectorConfig) => connectorId ?? `xapi-connector-${newId().slice(-12)}`,
    },
    {
      provide: NATS,
      inject: [ConnectorConfig],
      useFactory: ({ natsUrl }: ConnectorConfig) => connectNats({ url: natsUrl, name: 'xapi-connector' }),
    },
    {
      provide: LOG,
      inject: [ConnectorConfig],
      useFactory: ({ databaseUrl }: ConnectorConfig) => new PostgresEventLog({ url: databaseUrl }),
    },
    {
      provide: POOL,
      inject: [ConnectorConfig],
      async useFactory({ databaseUrl }: ConnectorConfig): Promise<Pool> {
        await migrateProjections(databaseUrl);
        const pool = new Pool({ connectionString: databaseUrl, max: SNAPSHOT_CONNECTIONS });
        pool.on('error', () => undefined); // broke while idle: the next query gets another
        return pool;
      },
    },
    {
      provide: ACCOUNTS,
      inject: [ConnectorConfig],
      useFactory: ({ databaseUrl: url, registryKey: key }: ConnectorConfig) => openRegistry({ url, key, newId }),
    },
    {
      provide: ProjectionRunner,
      inject: [LOG, POOL, Metrics],
      useFactory: (log: PostgresEventLog, pool: Pool, metrics: Metrics) =>
        new ProjectionRunner({
          log,
          projections: [brokerBook],
          snapshots: new PostgresSnapshots(pool),
          metrics: prometheusMetrics(metrics, 'xapi-connector'),
        }),
    },
    {
      provide: ConnectorMetrics,
      inject: [Metrics],
      useFactory: (metrics: Metrics) => new ConnectorMetrics(metrics),
    },
    {
      provide: IntakeSender,
      inject: [NATS, ConnectorConfig, ConnectorMetrics, RefusedEvents],
      useFactory: (
        nats: NatsConnection,
        { intakeResendMs: resendMs, intakeSaturatedAt: saturatedAt }: ConnectorConfig,
        metrics: ConnectorMetrics,
        refused: RefusedEvents,
      ) =>
        new IntakeSender(nats, {
          resendMs,
          saturatedAt,
          newId,
          onRefused({ subject, type, id }, reason) {
            metrics.eventRefused(reason);
            new Logger('Intake').error({ accountId: subject, type, id, reason, msg: 'the log refused an event' });
            refused.listener(subject, id);
          },
        }),
    },
    {
      provide: ConnectorLife,
      inject: [
        ConnectorConfig,
        NATS,
        ACCOUNTS,
        ProjectionRunner,
        IntakeSender,
        ConnectorMetrics,
        Health,
        INSTANCE,
        RefusedEvents,
      ],
      useFactory(
        config: ConnectorConfig,
        nats: NatsConnection,
        registry: AccountRegistry,
        runner: ProjectionRunner,
        intake: IntakeSender,
        metrics: ConnectorMetrics,
        health: Health,
        instance: string,
        refused: RefusedEvents,
      ): ConnectorLife {
        const life = new ConnectorLife({
          config,
          shared: {
            config,
            rules: driftRules(config),
            source: SOURCE,
            intake,
            commands: new CommandClient(new NatsCommandTransport(nats), 'xapi-connector'),
            egress: new EgressAddresses(config.egressAddresses, sessionOptions(config), config),
            metrics,
            log: new Logger('Connector'),
            newId,
            now,
          },
          directory: new AccountDirectory(registry),
          store: new LeaseStore(nats, instance, newId(), config.leaseTtlMs),
          runner,
          intake,
          nats,
          metrics,
          health,
          instance,
        });
        refused.listener = (account, eventId) => life.refused(account, eventId);
        return life;
      },
    },
  ],
})
export class XapiConnectorModule implements OnApplicationShutdown {
  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOG) private readonly log: PostgresEventLog,
    @Inject(POOL) private readonly pool: Pool,
    @Inject(ACCOUNTS) private readonly registry: AccountRegistry,
    private readonly intake: IntakeSender,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.intake.close();
    await this.nats.drain();
    await Promise.all([this.log.close(), this.pool.end(), this.registry.close()]);
  }
}
