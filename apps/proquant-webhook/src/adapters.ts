// The ports of this process on Postgres and NATS.
import type { MarketView } from '@core/bus/market-view';
import type { IntegrationId, Venue } from '@core/contracts/primitives';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { migrateProjections } from '@core/projection-runner/migrations';
import { PostgresSnapshots } from '@core/projection-runner/postgres-snapshots';
import type { Integration } from '@core/registry/entities';
import { migrateRegistry } from '@core/registry/migrations';
import { openRegistry, type Registry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { Pool } from 'pg';
import type { DatabaseSettings } from '@core/service/service-settings';
import type { HookSettings } from './config.ts';
import { Integrations, MarketSource, Storage, StoreUnavailable } from './ports.ts';

const SNAPSHOT_CONNECTIONS = 2;

@Injectable()
export class PostgresStorage extends Storage implements OnApplicationShutdown {
  override readonly log: PostgresEventLog;
  override readonly snapshots: PostgresSnapshots;
  private readonly pool: Pool;

  private constructor(url: string) {
    super();
    this.log = new PostgresEventLog({ url });
    this.pool = new Pool({ connectionString: url, max: SNAPSHOT_CONNECTIONS });
    // A connection that broke while idle is replaced by the next query.
    this.pool.on('error', () => undefined);
    this.snapshots = new PostgresSnapshots(this.pool);
  }

  static async open({ url }: DatabaseSettings): Promise<PostgresStorage> {
    await migrateProjections(url);
    return new PostgresStorage(url);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.log.close(), this.pool.end()]);
  }
}

@Injectable()
export class RegisteredIntegrations extends Integrations implements OnApplicationShutdown {
  private constructor(private readonly registry: Registry) {
    super();
  }

  static async open(
    { url }: DatabaseSettings,
    { deadlineMs: timeoutMs }: HookSettings,
  ): Promise<RegisteredIntegrations> {
    await migrateRegistry(url);
    return new RegisteredIntegrations(await openRegistry({ url, newId, timeoutMs }));
  }

  override async authenticate(id: IntegrationId, token: string): Promise<Integration | null> {
    try {
      return await this.registry.findIntegration(id, token);
    } catch (cause) {
      throw new StoreUnavailable('integrations cannot be looked up', { cause });
    }
  }

  override async find(id: IntegrationId): Promise<Integration | null> {
    return (await this.registry.integrations()).find((integration) => integration.id === id) ?? null;
  }

  override check(): Promise<void> {
    return this.registry.ping();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.registry.close();
  }
}

@Injectable()
export class NatsMarketSource extends MarketSource implements OnApplicationShutdown {
  constructor(private readonly connection: NatsConnection) {
    super();
  }

  override fetch(market: MarketView, venue: Venue): Promise<boolean> {
    return market.fetch(this.connection, venue);
  }

  override check(): Promise<void> {
    return this.connection.flush();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection.close();
  }
}
