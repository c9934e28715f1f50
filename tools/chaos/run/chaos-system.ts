import { connectNats } from '@core/bus/nats-connection';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import type { AppProcess } from '@core/machine/app-process';
import { within } from '@core/machine/within';
import { Pool } from 'pg';
import { BrokerControlClient } from '../../e2e/broker-control-client.ts';
import { startSystem } from '../../start/running-system.ts';
import { FaultClock } from '../faults/fault-clock.ts';
import type { Victims } from '../faults/fault.ts';
import { IntakeTap } from '../faults/intake-tap.ts';
import { ProxiedWays } from '../faults/proxied-ways.ts';
import { BrokerTrades } from './broker-trades.ts';
import { startCustomers } from './chaos-clients.ts';
import { CheckpointWatch } from './checkpoint-watch.ts';
import { tapFeed } from './feed-tap.ts';
import type { FrameReader } from './frame-reader.ts';
import { HealingWatch } from './healing-watch.ts';
import type { Sights } from './look-at-run.ts';
import { secondOf, standbyOf } from './more-instances.ts';
import { ToldDone } from './told-done.ts';
import { Wellness } from './wellness.ts';

/** Who comes back after each fault is no stranger. */
const PATIENT = { CONNECTS_PER_MINUTE: '100000', SESSIONS_PER_KEY: '1000' };
/** A busy machine is slow. */
const BEGINNING_MS = 300_000;
/** Whose owner trades at the broker itself. */
const HUMAN_LOGIN = '10003';

interface ChaosOptions {
  readonly folder: string;
  readonly seed: number;
  readonly hasStandby: boolean;
  readonly hasClock: boolean;
  readonly say: (line: string) => void;
}

/** The product under load, with a hand on everything in it and an eye on everything that it says. */
export interface ChaosSystem {
  readonly victims: Victims;
  readonly sights: Sights;
  /** From now on nobody wishes anything. */
  calm(): Promise<void>;
  stop(): Promise<void>;
}

export async function startChaosSystem({
  folder,
  seed,
  hasStandby,
  hasClock,
  say,
}: ChaosOptions): Promise<ChaosSystem> {
  const ways = await ProxiedWays.open();
  const clock = hasClock ? FaultClock.in(folder) : null;
  const system = await startSystem({
    ...{ folder, ports: 'auto', say, stopped: new AbortController().signal },
    between: {
      postgres: (login, url) => ways.postgres(login, url),
      nats: (login, url) => ways.nats(login, url),
      broker: (pair) => ways.broker(pair),
      told: (name) => (name === 'ledger' && clock ? clock.environment : name === 'ws-session' ? PATIENT : {}),
    },
  });
  const { endpoints, servers, specs } = system;
  const second = await secondOf(specs['tv-gateway'], servers.ports);
  const apps: AppProcess[] = [...system.apps, ...(await system.add(second))];
  if (hasStandby) apps.push(...system.standBy(await standbyOf(specs.ledger, servers.ports)));

  const told = new ToldDone();
  const log = new PostgresEventLog({ url: servers.databaseUrl });
  const pool = new Pool({ connectionString: servers.databaseUrl, max: 2 });
  pool.on('error', () => undefined);
  const nats = await connectNats({ url: servers.natsUrl, name: 'chaos' });
  tapFeed(nats, told);
  const intake = new IntakeTap(nats);
  const broker = new BrokerControlClient(endpoints.simulator.control);
  const accounts = await accountsOf(log);
  const secondGateway = `http://127.0.0.1:${second.env['PORT']}`;
  const customers = await startCustomers(endpoints, { secondGateway, accounts, told });
  const { readers, slow, tradingView, other, wishes } = customers;
  const trades = new BrokerTrades(broker, HUMAN_LOGIN);
  const checkpoints = new CheckpointWatch(pool);
  const wellness = new Wellness(apps, log, wishes, told);
  const healing = new HealingWatch(wellness, say);
  await waitUntilWell(readers, wellness);

  return {
    victims: { folder, system, apps, ways, nats, intake, slow, accounts, told, clock, seed },
    sights: {
      ...{ log, pool, nats, broker, readers, told, checkpoints, healing },
      gateways: [
        ['the first', tradingView],
        ['the second', other],
      ],
    },
    async calm() {
      await Promise.all([wishes.stop(), trades.stop()]);
    },
    async stop() {
      await Promise.all([customers.stop(), trades.stop(), checkpoints.stop(), healing.stop()]);
      await nats.close();
      await Promise.all([log.close(), pool.end()]);
      await system.stop();
      await ways.close();
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
