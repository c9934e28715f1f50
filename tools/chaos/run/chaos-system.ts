import type { AppProcess } from '@core/machine/app-process';
import { startSystem } from '../../start/running-system.ts';
import { FaultClock } from '../faults/fault-clock.ts';
import type { Victims } from '../faults/fault.ts';
import { IntakeTap } from '../faults/intake-tap.ts';
import { ProxiedWays } from '../faults/proxied-ways.ts';
import { secondOf, standbyOf } from './more-instances.ts';
import { putUnderLoad, toldUnderLoad, type SystemUnderLoad } from './system-under-load.ts';

interface ChaosOptions {
  readonly folder: string;
  readonly seed: number;
  readonly hasStandby: boolean;
  readonly hasClock: boolean;
  readonly say: (line: string) => void;
}

/** The product under load, with a hand on everything in it. */
export interface ChaosSystem {
  readonly victims: Victims;
  readonly load: SystemUnderLoad;
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
      told: (name) => (name === 'ledger' && clock ? clock.environment : toldUnderLoad(name)),
    },
  });
  const { endpoints, servers, specs } = system;
  const second = await secondOf(specs['tv-gateway'], servers.ports);
  const apps: AppProcess[] = [...system.apps, ...(await system.add(second))];
  if (hasStandby) apps.push(...system.standBy(await standbyOf(specs.ledger, servers.ports)));

  const secondGateway = `http://127.0.0.1:${second.env['PORT']}`;
  const gateways = { 'the first': endpoints.tvGateway.url, 'the second': secondGateway };
  const load = await putUnderLoad(system, { apps, secondGateway, gateways, say });
  const { nats, slow, accounts, told } = load;
  const intake = new IntakeTap(nats);

  return {
    victims: { folder, system, apps, ways, nats, intake, slow, accounts, told, clock, seed },
    load,
    async stop() {
      await load.leave();
      await system.stop();
      await ways.close();
    },
  };
}
