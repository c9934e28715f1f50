import type { CommandTransport } from '@core/bus/command-client';
import { MarketClient } from '@core/bus/market-client';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { requireLedger, requireNats } from '@core/bus/nats-readiness';
import { connectNats, onReconnect } from '@core/bus/nats-connection';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { InstanceReports } from '@core/projection-runner/instance-reports';
import { migrateProjections } from '@core/projection-runner/migrations';
import { PostgresSnapshots } from '@core/projection-runner/postgres-snapshots';
import { openRegistry, type Registry } from '@core/registry/registry';
import type { RegistryPlace } from '@core/registry/registry-place';
import { newId } from '@core/service/clock';
import type { Health } from '@core/service/health';
import { schemaOf } from '@core/service/migrations';
import { LONG_PATIENCE_MS, patience } from '@core/service/postgres-patience';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { Pool } from 'pg';
import { EdgeAdapters, type MarketSource } from './edge-adapters.ts';
import type { ReleaseDesk } from './release-follower.ts';
import { migrateUntoldRefusals, PostgresUntoldRefusals, type UntoldRefusals } from './untold-refusals.ts';

const POOL_SIZE = 4;

export interface Addresses {
  /** Names the process to those it is connected to. */
  readonly name: string;
  readonly databaseUrl: string;
  /** The folder with what was detached from the log. */
  readonly detached: string | undefined;
  readonly registry: RegistryPlace;
  readonly natsUrl: string;
  /** How long the registry may take to answer: people wait for it. */
  readonly storeTimeoutMs: number;
}

/** On Postgres and NATS: opened before anything else of the process, closed after everything that uses it has stopped. */
export class ConnectedAdapters extends EdgeAdapters implements OnApplicationShutdown {
  override readonly log: PostgresEventLog;
  override readonly snapshots: PostgresSnapshots;
  override readonly releases: ReleaseDesk;
  override readonly untold: UntoldRefusals;
  override readonly commands: CommandTransport;
  override readonly market: MarketSource;

  private constructor(
    { name, databaseUrl, detached, registry: { isBeside } }: Addresses,
    private readonly nats: NatsConnection,
    override readonly pool: Pool,
    override readonly registry: Registry,
    health: Health,
  ) {
    super();
    health.register('nats', () => requireNats(nats));
    health.register('ledger', () => requireLedger(nats));
    health.register(isBeside ? 'postgres' : 'registry', () => registry.ping());
    if (!isBeside) health.register('postgres', async () => void (await pool.query('select 1')));
    this.log = new PostgresEventLog({ url: databaseUrl, detached });
    const schema = schemaOf(name);
    this.snapshots = new PostgresSnapshots(pool, schema);
    const reports = new InstanceReports(pool, schema);
    this.releases = {
      decisions: () => registry.releases.decisions(name),
      say: (report) => reports.say(report),
      leave: (instance) => reports.leave(instance),
    };
    this.untold = new PostgresUntoldRefusals(pool, schema);
    this.commands = new NatsCommandTransport(nats);
    const markets = new MarketClient(nats);
    this.market = {
      snapshot: (venue) => markets.snapshot(venue),
      hours: (request, timeoutMs) => markets.hours(request, timeoutMs),
      isConnected: (account) => markets.isConnected(account),
      onReconnect: (listener) => onReconnect(nats, listener),
    };
  }

  static async open(addresses: Addresses, health: Health): Promise<EdgeAdapters> {
    const { name, databaseUrl: url, registry: place, natsUrl, storeTimeoutMs: timeoutMs } = addresses;
    await migrateProjections(url, schemaOf(name));
    await migrateUntoldRefusals(url, schemaOf(name));
    const registry = await openRegistry({ ...place, newId, timeoutMs });
    const pool = new Pool({ connectionString: url, max: POOL_SIZE, keepAlive: true, ...patience(LONG_PATIENCE_MS) });
    // A connection that broke while idle is replaced; whoever needs one that cannot be had gets the error.
    pool.on('error', () => undefined);
    return new ConnectedAdapters(addresses, await connectNats({ url: natsUrl, name }), pool, registry, health);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.nats.close();
    await Promise.all([this.log.close(), this.pool.end(), this.registry.close()]);
  }
}
