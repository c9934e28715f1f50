import { CommandClient } from '@core/bus/command-client';
import { IntakeSender } from '@core/bus/intake-sender';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { LogFeedController } from '@core/edge/hearing';
import { FeedListener } from '@core/edge/log-subscription';
import { RegistryNews } from '@core/edge/registry-news';
import { tracedRunner } from '@core/edge/traced-runner';
import { FeedAlarm } from '@core/projection-runner/feed-alarm';
import { prometheusMetrics } from '@core/projection-runner/metrics';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { brokerBook } from '@core/projections/broker-book/fold';
import { Registry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import {
  CellSettings,
  DatabaseSettings,
  JetStreamSettings,
  NatsSettings,
  RegistrySettings,
} from '@core/service/service-settings';
import { Tracing } from '@core/service/tracing';
import { Logger, Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { Registry as Metrics } from 'prom-client';
import { AccountDirectory } from './accounts/account-directory.ts';
import { AccountFactory } from './accounts/account-factory.ts';
import { AccountSupervisor } from './accounts/account-supervisor.ts';
import { ConnectionAnswers } from './accounts/connection-answers.ts';
import { IntakeSettings } from './accounts/intake-settings.ts';
import { LogBooks } from './accounts/log-books.ts';
import type { BrokerAdapter } from './broker-adapter.ts';
import { ConnectorBackends } from './connector-backends.ts';
import { ConnectorHealth } from './connector-health.ts';
import { ConnectorLifecycle } from './connector-lifecycle.ts';
import { BROKER_ADAPTER, CONNECTOR_NAME, INSTANCE, NATS } from './connector-tokens.ts';
import { LookService } from './drift/look-service.ts';
import { LeaseKeeper } from './leases/lease-keeper.ts';
import { LeaseSettings } from './leases/lease-settings.ts';
import { LeaseStore } from './leases/lease-store.ts';
import { VenueRegistry } from './market/venue-registry.ts';
import { ConnectorMetrics } from './metrics.ts';
import { Abandonment } from './requests/abandonment.ts';
import { RequestSettings } from './requests/request-settings.ts';

export interface ConnectorOptions {
  /** The app's folder name: its connections, metrics and events bear it. */
  readonly name: string;
  /** Makes the adapter, of the app's own settings and of what this module has: `NATS`, `Registry` and the metrics. */
  readonly adapter: Pick<FactoryProvider<BrokerAdapter>, 'inject' | 'useFactory'>;
}

/**
 * The whole of a connector but for its adapter and that one's settings.
 *
 * ```ts
 * ConnectorModule.of({
 *   name: 'xapi-connector',
 *   adapter: { inject: [XapiSettings], useFactory: (settings: XapiSettings) => new XapiAdapter(settings) },
 * })
 * ```
 */
@Module({})
export class ConnectorModule {
  static of({ name, adapter }: ConnectorOptions): DynamicModule {
    return {
      module: ConnectorModule,
      controllers: [LogFeedController],
      providers: [
        { provide: BROKER_ADAPTER, ...adapter },
        { provide: CONNECTOR_NAME, useValue: name },
        { provide: INSTANCE, inject: [LeaseSettings], useFactory: instanceOf(name) },
        {
          provide: ConnectorBackends,
          inject: [DatabaseSettings, CellSettings, NatsSettings, RegistrySettings],
          useFactory: ConnectorBackends.open.bind(null, name),
        },
        { provide: NATS, inject: [ConnectorBackends], useFactory: ({ nats }: ConnectorBackends) => nats },
        { provide: Registry, inject: [ConnectorBackends], useFactory: ({ registry }: ConnectorBackends) => registry },
        {
          provide: CommandClient,
          inject: [NATS, Tracing],
          useFactory: (nats: NatsConnection, tracing: Tracing) =>
            new CommandClient(new NatsCommandTransport(nats), name, tracing),
        },
        {
          provide: ProjectionRunner,
          inject: [ConnectorBackends, Metrics, FeedAlarm, Tracing],
          useFactory: runnerOf(name),
        },
        { provide: ConnectorMetrics, inject: [Metrics, BROKER_ADAPTER], useFactory: metricsOf },
        { provide: IntakeSender, inject: [ConnectorBackends, IntakeSettings, ConnectorMetrics], useFactory: intakeOf },
        { provide: AccountDirectory, inject: [Registry, BROKER_ADAPTER], useFactory: directoryOf },
        {
          provide: LeaseKeeper,
          inject: [ConnectorBackends, BROKER_ADAPTER, INSTANCE, LeaseSettings, JetStreamSettings],
          useFactory: keeperOf,
        },
        {
          provide: Abandonment,
          inject: [RequestSettings, LogBooks, AccountSupervisor, AccountFactory],
          useFactory: abandonmentOf,
        },
        { provide: FeedListener, inject: [ProjectionRunner, IntakeSender], useFactory: feedOf },
        FeedAlarm,
        RegistryNews,
        LogBooks,
        VenueRegistry,
        LookService,
        AccountFactory,
        ConnectionAnswers,
        AccountSupervisor,
        ConnectorHealth,
        ConnectorLifecycle,
      ],
    };
  }
}

const instanceOf =
  (name: string) =>
  ({ connectorId }: LeaseSettings): string =>
    connectorId ?? `${name}-${newId().slice(-12)}`;

const runnerOf =
  (name: string) =>
  ({ log, snapshots }: ConnectorBackends, metrics: Metrics, alarm: FeedAlarm, tracing: Tracing): ProjectionRunner =>
    tracedRunner(tracing, {
      log,
      projections: [brokerBook],
      snapshots,
      metrics: prometheusMetrics(metrics, name),
      alarm,
    });

const metricsOf = (metrics: Metrics, { protocol }: BrokerAdapter): ConnectorMetrics =>
  new ConnectorMetrics(metrics, protocol);

function intakeOf(
  { nats, log: events }: ConnectorBackends,
  { resendMs, saturatedAt }: IntakeSettings,
  metrics: ConnectorMetrics,
): IntakeSender {
  const intake = new IntakeSender(nats, { resendMs, saturatedAt, newId, holding: (ids) => events.holding(ids) });
  const log = new Logger('Intake');
  intake.onRefused(({ subject, type, id }, reason) => {
    metrics.eventRefused(reason);
    log.error({ accountId: subject, type, id, reason, msg: 'the log refused an event' });
  });
  return intake;
}

/** Every batch is folded, and confirms what this connector sent. */
const feedOf = (runner: ProjectionRunner, intake: IntakeSender): FeedListener => ({
  offer(batch) {
    runner.offer(batch);
    intake.confirm(batch);
  },
});

const directoryOf = (registry: Registry, { protocol }: BrokerAdapter): AccountDirectory =>
  new AccountDirectory(registry, protocol);

function keeperOf(
  { leases }: ConnectorBackends,
  { protocol }: BrokerAdapter,
  instance: string,
  { leaseTtlMs: ttlMs, leaseRenewMs: renewMs, accountsMax }: LeaseSettings,
  { replicas }: JetStreamSettings,
): LeaseKeeper {
  const log = new Logger('Leases');
  const store = new LeaseStore(leases, { protocol, instance, incarnation: newId(), ttlMs, replicas });
  return new LeaseKeeper(store, { instance, renewMs, accountsMax }, (error) =>
    log.warn({ reason: String(error), msg: 'leases cannot be looked after: accounts stay as they are' }),
  );
}

function abandonmentOf(
  { abandonMs }: RequestSettings,
  books: LogBooks,
  supervisor: AccountSupervisor,
  factory: AccountFactory,
): Abandonment {
  return new Abandonment({
    abandonMs,
    idle: () => [...books.accounts()].filter((account) => !supervisor.hasSession(account)),
    requests: (account) => books.requests(account),
    claim: (account, request) => factory.claimsOf(account, () => supervisor.claimant(account)).claim(request, null),
    nowMs: () => performance.now(),
  });
}
