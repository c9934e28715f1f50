import { present } from '@core/kernel/present';
import { writePrivate } from '@core/machine/files';
import { HOW_TO_GET_NGINX, nginxBinary } from '@core/machine/nginx-server';
import { PortBook, type PortChoice } from '@core/machine/ports';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from '../infra/folder-lock.ts';
import type { SharedRegistry } from '../infra/infrastructure.ts';
import { cellProxy } from '../proxy/cell-proxy.ts';
import { brokerLoginsOf, peopleOfCell, tradersOf } from './demo-people.ts';
import { DemoSecretsFile } from './demo-secrets.ts';
import { startSystem, type RunningSystem } from './running-system.ts';
import { HOST, upstreamsIn } from './services.ts';
import { step } from './step.ts';

const USUAL_PORT = 8080;
/** A machine has room for fewer. */
const NAMES = 'abcdefgh';

interface CellsOptions {
  /** Holds a data folder for each, by its name. */
  readonly folder: string;
  readonly count: number;
  /** Of the proxy: cells have any free ones. */
  readonly ports: PortChoice;
  readonly say: (line: string) => void;
  readonly stopped: AbortSignal;
}

/** Whole systems beside each other behind one proxy, with one registry and one simulated broker. */
export interface RunningCells {
  readonly publicUrl: string;
  readonly systems: Readonly<Record<string, RunningSystem>>;
  readonly stop: () => Promise<void>;
}

export async function startCells({ folder, count, ports, say, stopped }: CellsOptions): Promise<RunningCells> {
  if (nginxBinary() === null) throw new Error(`cells are behind nginx, which is not here: ${HOW_TO_GET_NGINX}`);
  const names = [...NAMES].slice(0, count);
  mkdirSync(folder, { recursive: true });
  const lock = lockFolder(folder);
  const began: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of began.splice(0).reverse()) await end();
    lock.release();
  };
  try {
    const port = await new PortBook(join(folder, 'ports.json'), ports).claim('proxy', USUAL_PORT);
    const publicUrl = `http://${HOST}:${port}`;
    const [firstName = ''] = names;
    const { registryKey } = secretsIn(join(folder, firstName), 0, firstName);
    const secrets = names.map((name, index) => secretsIn(join(folder, name), index, name, registryKey));
    const guests = Object.fromEntries(
      secrets.slice(1).flatMap(({ brokerPasswords }) => Object.entries(brokerPasswords)),
    );
    const systems: Record<string, RunningSystem> = {};
    let shared: SharedRegistry | undefined;
    for (const [index, name] of names.entries()) {
      say(`Cell ${name}`);
      const system = await startSystem({
        ...{ folder: join(folder, name), ports: 'auto', say, stopped },
        cell: {
          ...{ name, people: peopleOfCell(name, index), publicUrl, guests },
          cookieKey: present(secrets[0], 'there is one').oauthCookieKey,
          simulator: systems[names[0] ?? '']?.endpoints.simulator ?? null,
          registryWith: async (servers) => (shared ??= await servers.prepareSharedRegistry()),
        },
      });
      began.push(system.stop);
      systems[name] = system;
    }
    const running = Object.entries(systems);
    const proxy = cellProxy(
      join(folder, 'proxy'),
      port,
      running.map(([name, { ports: own }]) => upstreamsIn(name, own)),
    );
    began.push(() => proxy.stop());
    await step('Proxy', () => proxy.start('owner'));
    const first = present(running[0], 'there is one')[1];
    writePrivate(join(folder, 'endpoints.json'), `${JSON.stringify({ ...first.endpoints, cells: names }, null, 2)}\n`);
    return { publicUrl, systems, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function secretsIn(folder: string, index: number, name: string, registryKey?: string) {
  mkdirSync(folder, { recursive: true });
  const people = peopleOfCell(name, index);
  return new DemoSecretsFile(folder).read(tradersOf(people), brokerLoginsOf(people), registryKey);
}
