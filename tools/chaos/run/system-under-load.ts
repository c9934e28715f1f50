import { connectNats } from '@core/bus/nats-connection';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import type { AppProcess } from '@core/machine/app-process';
import { within } from '@core/machine/within';
import type { NatsConnection } from 'nats';
import { Pool } from 'pg';
import { BrokerControlClient } from '../../e2e/broker-control-client.ts';
import { TradingView } from '../../e2e/trading-view.ts';
import type { SystemServers } from '../../infra/servers.ts';
import type { RunningSystem } from '../../start/running-system.ts';
import type { AppName } from '../../start/services.ts';
import { BrokerTrades } from './broker-trades.ts';
import { startCustomers } from './chaos-clients.ts';
import { CheckpointWatch } from './checkpoint-watch.ts';
import { tapFeed } from './feed-tap.ts';
import type { FrameReader } from './frame-reader.ts';
import { HealingWatch } from './healing-watch.ts';
import type { Sights } from './look-at-run.ts';
import { ToldDone } from './told-done.ts';
import { Wellness } from './wellness.ts';

/** Who comes back after each fault is no stranger. */
const PATIENT = { CONNECTS_PER_MINUTE: '100000', SESSIONS_PER_KEY: '1000' };
/** What a service is told where it is to be under load. */
export const toldUnderLoad = (name: AppName): Readonly<Record<string, string>> =>
  name === 'ws-session' ? PATIENT : {};

/** A busy machine is slow. */
const BEGINNING_MS = 300_000;
/** Whose owner trades at the broker itself. */
const HUMAN_LOGIN = '10003';

interface Load {
  /** Every process of its services. */
  readonly apps: readonly AppProcess[];
  /** Where those customers go who do not go where everybody does. */
  readonly secondGateway: string;
  /** Each process of the gateway, by a name, to compare what they say. */
  readonly gateways: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

/** The product with people at every edge and at the broker, and an eye on everything that it says. */
export interface SystemUnderLoad {
  readonly sights: Sights;
  readonly wellness: Wellness;
  /** What people can ask for, by name. */
  readonly ways: readonly string[];
  readonly nats: NatsConnection;
  readonly slow: FrameReader;
  readonly accounts: readonly string[];
  readonly told: ToldDone;
  /** From now on nobody wishes anything. */
  calm(): Promise<void>;
  /** Nobody looks any more either; the system itself goes on. */
  leave(): Promise<void>;
}

/** Resolves when all of it is well. */
export async function putUnderLoad(system: RunningSystem<SystemServers>, load: Load): Promise<SystemUnderLoad> {
  const { endpoints, servers } = system;
  const { apps, secondGateway, say } = load;
  const told = new ToldDone();
  const log = new PostgresEventLog({ url: servers.databaseUrl });
  const pool = new Pool({ connectionString: servers.databaseUrl, max: 2 });
  pool.on('error', () => undefined);
  const nats = await connectNats({ url: servers.natsUrl, name: 'chaos' });
  tapFeed(nats, told);
  const broker = new BrokerControlClient(endpoints.simulator.control);
  const accounts = await accountsOf(log);
  const gateways: [string, TradingView][] = [];
  for (const [name, url] of Object.entries(load.gateways))
    gateways.push([name, await TradingView.login({ ...endpoints.tvGateway, url })]);
  const customers = await startCustomers(endpoints, { secondGateway, accounts, told });
  const { readers, slow, wishes } = customers;
  const trades = new BrokerTrades(broker, HUMAN_LOGIN);
  const checkpoints = new CheckpointWatch(pool);
  const wellness = new Wellness(apps, log, wishes, told);
  const healing = new HealingWatch(wellness, say);
  await waitUntilWell(readers, wellness);

  return {
    ...{ wellness, ways: wishes.names, nats, slow, accounts, told },
    sights: { log, pool, nats, broker, readers, told, checkpoints, healing, gateways },
    async calm() {
      await Promise.all([wishes.stop(), trades.stop()]);
    },
    async leave() {
      await Promise.all([customers.stop(), trades.stop(), checkpoints.stop(), healing.stop()]);
      await nats.close();
      await Promise.all([log.close(), pool.end()]);
    },
  };
}

/** A run that begins ill says nothing about faults. */
async function waitUntilWell(readers: readonly FrameReader[], wellness: Wellness): Promise<void> {
  let why: string | null = null;
  const isWell = await within(BEGINNING_MS, async () => {
    why = readers.every(({ hasBegun }) => hasBegun) ? await wellness.whyUnwellSince(0) : 'a reader waits';
    return why === null;
  });
  if (!isWell) throw new Error(`nothing was done to it yet, and ${why}`);
}

async function accountsOf(log: PostgresEventLog): Promise<string[]> {
  const accounts: string[] = [];
  for await (const page of log.read(0))
    for (const { type, subject } of page) if (type === 'AccountRegistered') accounts.push(subject);
  return accounts;
}
