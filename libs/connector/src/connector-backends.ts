import { leasesLoginOf } from '@core/bus/nats-authorization';
import { connectNats, leasesUrl } from '@core/bus/nats-connection';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { migrateProjections } from '@core/projection-runner/migrations';
import { PostgresSnapshots } from '@core/projection-runner/postgres-snapshots';
import { openRegistry, type Registry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { schemaOf } from '@core/service/migrations';
import { LONG_PATIENCE_MS, patience } from '@core/service/postgres-patience';
import { registryPlace } from '@core/registry/registry-place';
import type { CellSettings, DatabaseSettings, NatsSettings, RegistrySettings } from '@core/service/service-settings';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { Pool } from 'pg';

const SNAPSHOT_CONNECTIONS = 2;

/** The servers that a connector stands on: NATS, the log, its snapshots and the registry. */
export class ConnectorBackends implements OnApplicationShutdown {
  private constructor(
    readonly nats: NatsConnection,
    /** Where the leases are kept, and nothing else can be heard or said. */
    readonly leases: NatsConnection,
    readonly log: PostgresEventLog,
    readonly snapshots: PostgresSnapshots,
    readonly registry: Registry,
    private readonly pool: Pool,
  ) {}

  static async open(
    name: string,
    { url: databaseUrl, detached }: DatabaseSettings,
    cell: CellSettings,
    { url: natsUrl }: NatsSettings,
    { key }: RegistrySettings,
  ): Promise<ConnectorBackends> {
    const schema = schemaOf(name);
    await migrateProjections(databaseUrl, schema);
    const connection = { connectionString: databaseUrl, keepAlive: true, ...patience(LONG_PATIENCE_MS) };
    const pool = new Pool({ ...connection, max: SNAPSHOT_CONNECTIONS });
    pool.on('error', () => undefined); // broke while idle: the next query gets another
    const registry = await openRegistry({ ...registryPlace(databaseUrl, cell), key, newId });
    const nats = await connectNats({ url: natsUrl, name });
    const leases = await connectNats({ url: leasesUrl(natsUrl), name: leasesLoginOf(name) });
    const log = new PostgresEventLog({ url: databaseUrl, detached });
    return new ConnectorBackends(nats, leases, log, new PostgresSnapshots(pool, schema), registry, pool);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.nats.drain(), this.leases.drain()]);
    await Promise.all([this.log.close(), this.pool.end(), this.registry.close()]);
  }
}
