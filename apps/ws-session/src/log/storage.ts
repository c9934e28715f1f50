import type { EventLog } from '@core/event-log/event-log';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { migrateProjections } from '@core/projection-runner/migrations';
import { PostgresSnapshots } from '@core/projection-runner/postgres-snapshots';
import type { SnapshotStore } from '@core/projection-runner/snapshots';
import type { AccessKey } from '@core/registry/entities';
import { migrateRegistry } from '@core/registry/migrations';
import { openRegistry, type Registry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { KeyStore } from '../connection/admission.ts';
import type { DatabaseSettings } from '@core/service/service-settings';

/** Where this process reads the log and keeps its snapshots. */
export abstract class Storage {
  abstract readonly log: EventLog;
  abstract readonly snapshots: SnapshotStore;
}

const SNAPSHOT_CONNECTIONS = 2;

@Injectable()
export class PostgresStorage extends Storage implements OnApplicationShutdown {
  override readonly log: PostgresEventLog;
  override readonly snapshots: SnapshotStore;
  private readonly pool: Pool;

  private constructor({ url }: DatabaseSettings) {
    super();
    this.log = new PostgresEventLog({ url });
    this.pool = new Pool({ connectionString: url, max: SNAPSHOT_CONNECTIONS });
    // A connection that broke while idle is replaced by the next query.
    this.pool.on('error', () => undefined);
    this.snapshots = new PostgresSnapshots(this.pool);
  }

  static async open(settings: DatabaseSettings): Promise<PostgresStorage> {
    await migrateProjections(settings.url);
    return new PostgresStorage(settings);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.log.close(), this.pool.end()]);
  }
}

/** Keys as operators register them. */
@Injectable()
export class RegistryKeys extends KeyStore implements OnApplicationShutdown {
  private constructor(private readonly registry: Registry) {
    super();
  }

  static async open({ url }: DatabaseSettings): Promise<RegistryKeys> {
    await migrateRegistry(url);
    return new RegistryKeys(await openRegistry({ url, newId }));
  }

  override findAccessKey(secret: string): Promise<AccessKey | null> {
    return this.registry.findAccessKey(secret);
  }

  override accessKeys(): Promise<readonly AccessKey[]> {
    return this.registry.accessKeys();
  }

  override ping(): Promise<void> {
    return this.registry.ping();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.registry.close();
  }
}
