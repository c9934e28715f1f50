import { CommandClient } from '@core/bus/command-client';
import { MarketClient } from '@core/bus/market-client';
import { connectionOptions } from '@core/bus/nats-connection';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import type { Answer, CommandBody } from '@core/contracts/command';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { BarStore } from '@core/market-bars/bar-store';
import { marketEntities } from '@core/market-bars/entities';
import { openRegistry, type Registry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { connect, type NatsConnection } from 'nats';
import { resolve } from 'node:path';
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { DemoSecretsFile } from '../start/demo-secrets.ts';
import { endpointsIn } from '../start/endpoints.ts';
import { BadInput } from './bad-input.ts';

const DEFAULT_FOLDER = '.data';
const NATS_TIMEOUT_MS = 3_000;
const POSTGRES_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 60_000;
const COMMAND_TIMEOUT_MS = 10_000;

/** Where a system is reached. Reading needs Postgres only. */
export interface SystemAddresses {
  readonly databaseUrl: string;
  readonly natsUrl: string | null;
  /** What seals broker passwords; null where it is not known here. */
  readonly registryKey: string | null;
}

/** A named data folder wins over the environment, and that over the usual data folder. */
export function addressesOf(folder: string | undefined, env: NodeJS.ProcessEnv): SystemAddresses {
  if (folder === undefined && env.DATABASE_URL) {
    const { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, REGISTRY_KEY: registryKey } = env;
    return { databaseUrl, natsUrl: natsUrl || null, registryKey: registryKey || null };
  }
  const path = resolve(folder ?? DEFAULT_FOLDER);
  const endpoints = endpointsIn(path);
  if (endpoints === null)
    throw new BadInput(`no system in ${path}: start one, name its folder with --data, or set DATABASE_URL`);
  const registryKey = new DemoSecretsFile(path).known()?.registryKey ?? (env.REGISTRY_KEY || null);
  return { databaseUrl: endpoints.postgres, natsUrl: endpoints.nats, registryKey };
}

/** A system as an operator reaches it; what a command does not need is not opened. */
export class OperatedSystem {
  private openPool: Pool | undefined;
  private openLog: PostgresEventLog | undefined;
  private openRegistry: Registry | undefined;
  private openBars: DataSource | undefined;
  private openNats: NatsConnection | undefined;

  constructor(private readonly addresses: SystemAddresses) {}

  get log(): PostgresEventLog {
    return (this.openLog ??= new PostgresEventLog({ url: this.addresses.databaseUrl }));
  }

  /** For looking things up beside the log; read-only. */
  get pool(): Pool {
    return (this.openPool ??= new Pool({
      connectionString: this.addresses.databaseUrl,
      connectionTimeoutMillis: POSTGRES_TIMEOUT_MS,
      max: 2,
      options: `-c default_transaction_read_only=on -c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
    }));
  }

  /** Bars as their owner keeps them. */
  async bars(): Promise<BarStore> {
    const { databaseUrl: url } = this.addresses;
    const extra = { max: 1, connectionTimeoutMillis: POSTGRES_TIMEOUT_MS, statement_timeout: STATEMENT_TIMEOUT_MS };
    this.openBars ??= await new DataSource({ type: 'postgres', url, entities: marketEntities, extra }).initialize();
    return new BarStore(this.openBars.manager);
  }

  async registry(): Promise<Registry> {
    const { databaseUrl: url, registryKey } = this.addresses;
    return (this.openRegistry ??= await openRegistry({ url, key: registryKey ?? undefined, newId }));
  }

  /** Asks the ledger. A refusal is bad input; no answer is an operating failure. */
  async ask(account: AccountId, wish: CommandBody, id: Uuid = newId()): Promise<Answer> {
    const commands = new CommandClient(new NatsCommandTransport(await this.nats()), 'ops');
    return commands.ask(account, wish, { id, timeoutMs: COMMAND_TIMEOUT_MS });
  }

  /** Whoever speaks for a venue. */
  async market(): Promise<MarketClient> {
    return new MarketClient(await this.nats());
  }

  /** Tells running services; without NATS they learn it at their next start, and the operator learns that. */
  async tell(subject: string, body: object): Promise<void> {
    try {
      const nats = await this.nats();
      nats.publish(subject, Buffer.from(JSON.stringify(body)));
      await nats.flush();
    } catch (error) {
      console.error(`running services were not told: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async close(): Promise<void> {
    await this.openNats?.close();
    await this.openBars?.destroy();
    await this.openRegistry?.close();
    await this.openLog?.close();
    await this.openPool?.end();
  }

  private async nats(): Promise<NatsConnection> {
    const { natsUrl } = this.addresses;
    if (natsUrl === null) throw new BadInput('NATS_URL is not set: the ledger and the connectors are asked over NATS');
    const options = { ...connectionOptions({ url: natsUrl, name: 'ops' }), timeout: NATS_TIMEOUT_MS, reconnect: false };
    return (this.openNats ??= await connect({ ...options, waitOnFirstConnect: false }));
  }
}
