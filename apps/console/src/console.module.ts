import { LogSubscription } from '@core/edge/log-subscription';
import { EventLog } from '@core/event-log/event-log';
import { LogSearch } from '@core/event-log/log-search';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { FeedAlarm } from '@core/projection-runner/feed-alarm';
import { prometheusMetrics } from '@core/projection-runner/metrics';
import { PostgresSnapshots } from '@core/projection-runner/postgres-snapshots';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountState } from '@core/projections/account';
import { openRequests } from '@core/projections/requests';
import { accountStrategies } from '@core/projections/strategies';
import { Health } from '@core/service/health';
import { openRegistry, Registry } from '@core/registry/registry';
import { registryPlace } from '@core/registry/registry-place';
import { newId } from '@core/service/clock';
import { PageFiles } from '@core/service/page-files';
import { CellSettings, DatabaseSettings } from '@core/service/service-settings';
import { Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { Registry as Metrics } from 'prom-client';
import { OperatedAccountsController } from './accounts.controller.ts';
import { AccountStandings } from './accounts.ts';
import { Bus } from './bus.ts';
import { DecisionsController } from './commands.controller.ts';
import { OperatorSettings, PasswordSealSettings, ReadingSettings, WatchSettings } from './config.ts';
import { openOwnTables, openReadOnly, OWN_TABLES, READ_ONLY } from './console-database.ts';
import { FailureFilter } from './failure.filter.ts';
import { FoldSteps } from './fold-steps.ts';
import { FindingGauges } from './finding-gauges.ts';
import { LiveController } from './live.controller.ts';
import { LogController } from './log.controller.ts';
import { VenueMarketController } from './market.controller.ts';
import { migrateConsole, SCHEMA } from './migrations.ts';
import { OperatorRegistry } from './operator-registry.ts';
import { Overview } from './overview.ts';
import { OverviewController } from './overview.controller.ts';
import { PageController } from './page.controller.ts';
import { Projections } from './projections.ts';
import { ProjectionsController } from './projections.controller.ts';
import { RegistryChanges } from './registry-changes.ts';
import { RegistryDesk } from './registry-desk.ts';
import { RegistryController } from './registry.controller.ts';
import { ReplayController } from './replay.controller.ts';
import { Replays } from './replays.ts';
import { SessionController } from './session.controller.ts';
import { OperatorSessions } from './sessions.ts';
import { SimulatorControl } from './simulator-control.ts';
import { SimulatorController } from './simulator.controller.ts';
import { ThingsController } from './things.controller.ts';
import { Things } from './things.ts';
import { watched } from './watched-services.ts';
import { WorkbenchController } from './workbench.controller.ts';

/** Postgres may be away for as long as it likes: what was read is shown, with the word that it is away. */
const FOR_EVER = Number.MAX_SAFE_INTEGER;

const database: Provider[] = [
  {
    provide: OWN_TABLES,
    inject: [DatabaseSettings],
    useFactory: async ({ url }: DatabaseSettings) => {
      await migrateConsole(url);
      return openOwnTables(url);
    },
  },
  {
    provide: READ_ONLY,
    inject: [DatabaseSettings, ReadingSettings],
    useFactory: ({ url }: DatabaseSettings, { searchTimeoutMs }: ReadingSettings) => openReadOnly(url, searchTimeoutMs),
  },
  {
    provide: EventLog,
    inject: [DatabaseSettings],
    useFactory: (database: DatabaseSettings) => new PostgresEventLog(database),
  },
  {
    provide: Registry,
    inject: [DatabaseSettings, CellSettings],
    useFactory: ({ url }: DatabaseSettings, cell: CellSettings) => openRegistry({ ...registryPlace(url, cell), newId }),
  },
  {
    provide: OperatorRegistry,
    inject: [OperatorSettings, CellSettings, PasswordSealSettings],
    useFactory: (
      { databaseUrl, registryDatabaseUrl }: OperatorSettings,
      { cell }: CellSettings,
      { key }: PasswordSealSettings,
    ) =>
      new OperatorRegistry(
        databaseUrl === undefined
          ? null
          : () => openRegistry({ ...registryPlace(databaseUrl, { cell, registryDatabaseUrl }), key, newId }),
      ),
  },
  {
    provide: LogSearch,
    inject: [READ_ONLY, EventLog],
    useFactory: (pool: Pool, { detached }: PostgresEventLog) => new LogSearch(pool, detached),
  },
];

const following: Provider[] = [
  FeedAlarm,
  {
    provide: ProjectionRunner,
    inject: [EventLog, OWN_TABLES, ReadingSettings, Metrics, FeedAlarm],
    useFactory: (log: EventLog, pool: Pool, { snapshotMs }: ReadingSettings, metrics: Metrics, alarm: FeedAlarm) =>
      new ProjectionRunner({
        log,
        projections: [accountState, openRequests, accountStrategies],
        snapshots: new PostgresSnapshots(pool, SCHEMA),
        limits: { snapshotMs, retries: FOR_EVER },
        metrics: prometheusMetrics(metrics, 'console'),
        alarm,
      }),
  },
  LogSubscription,
  Bus,
];

const answers: Provider[] = [
  AccountStandings,
  Projections,
  FoldSteps,
  RegistryChanges,
  RegistryDesk,
  Replays,
  SimulatorControl,
  FindingGauges,
  {
    provide: Overview,
    inject: [ProjectionRunner, AccountStandings, LogSearch, READ_ONLY, Bus, WatchSettings],
    useFactory: (
      runner: ProjectionRunner,
      accounts: AccountStandings,
      search: LogSearch,
      pool: Pool,
      bus: Bus,
      { services, timeoutMs }: WatchSettings,
    ) => new Overview({ runner, accounts, search, pool, bus, services: watched(services), timeoutMs }),
  },
];

/** What operators look at, and the way from there to the ledger. */
@Module({
  controllers: [
    ...[SessionController, OverviewController, OperatedAccountsController, LogController, ThingsController],
    ...[VenueMarketController, WorkbenchController, DecisionsController, ProjectionsController],
    ...[RegistryController, ReplayController],
    ...[SimulatorController, LiveController],
    PageController,
  ],
  providers: [
    ...database,
    ...following,
    ...answers,
    OperatorSessions,
    Things,
    { provide: PageFiles, useFactory: () => new PageFiles(join(__dirname, 'page')) },
    { provide: APP_FILTER, useClass: FailureFilter },
  ],
})
export class ConsoleModule implements OnApplicationShutdown {
  constructor(
    @Inject(OWN_TABLES) private readonly own: Pool,
    @Inject(READ_ONLY) private readonly readOnly: Pool,
    private readonly log: EventLog,
    private readonly registry: Registry,
    private readonly operated: OperatorRegistry,
    health: Health,
  ) {
    health.register('postgres', async () => void (await readOnly.query('select 1')));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([
      this.own.end(),
      this.readOnly.end(),
      (this.log as PostgresEventLog).close(),
      this.registry.close(),
      this.operated.close(),
    ]);
  }
}
