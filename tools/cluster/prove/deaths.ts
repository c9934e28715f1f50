import { jetStreams } from '@core/contracts/subjects';
import { present } from '@core/kernel/present';
import { labelOf } from '@core/machine/app-process';
import type { PatroniMember } from '@core/machine/patroni-member';
import type { AppName } from '../../start/services.ts';
import type { ProvedCell } from './cell.ts';

/** Ends it as `kill -9` does, and says what that was. */
type Death = (cell: ProvedCell) => Promise<string>;

const serviceDeath =
  (name: AppName): Death =>
  async ({ system }) => {
    const all = system.apps.filter(({ spec }) => spec.name === name);
    const working = await Promise.all(all.map(async (app) => ((await app.isReady()) ? [app] : [])));
    const victim = present(working.flat()[0], `a ${name} is ready`);
    await victim.crash();
    return labelOf(victim.spec);
  };

/** Whoever leads the intake, which may lead all servers too. */
const natsDeath: Death = async ({ system, load }) => {
  const { streams } = await load.nats.jetstreamManager();
  const { cluster } = await streams.info(jetStreams.intake.name);
  const leader = cluster?.leader ?? '';
  await present(system.servers.parts.nats.named(leader), `${leader} leads the intake`).kill();
  return `${leader}, which led the intake`;
};

const postgresDeath: Death = async (cell) => {
  const { member, name } = await memberWho(cell, 'master');
  process.kill(present(member.postgresPid, 'the leader has a Postgres'), 'SIGKILL');
  return `${name}, which took the writes`;
};

/** As when its machine is gone: nobody is left who could hand over. */
const machineDeath: Death = async (cell) => {
  const { member, name } = await memberWho(cell, 'master');
  await member.kill();
  return `${name} and its Patroni`;
};

const copyDeath: Death = async (cell) => {
  const { member, name } = await memberWho(cell, 'replica');
  await member.kill();
  return `${name}, the copy, and its Patroni`;
};

async function memberWho({ system }: ProvedCell, role: string): Promise<{ member: PatroniMember; name: string }> {
  for (const [index, member] of system.servers.parts.members.entries())
    if ((await member.state())?.role === role) return { member, name: `postgres-${index + 1}` };
  throw new Error(`no Postgres is ${role}`);
}

/** Every kind of process that a cell has. */
export const DEATHS = {
  nats: natsDeath,
  postgres: postgresDeath,
  'postgres-machine': machineDeath,
  'postgres-copy': copyDeath,
  // Of two ledgers the one that writes is ready.
  ledger: serviceDeath('ledger'),
  'xapi-connector': serviceDeath('xapi-connector'),
  'paper-connector': serviceDeath('paper-connector'),
  'market-data': serviceDeath('market-data'),
  'tv-gateway': serviceDeath('tv-gateway'),
  'proquant-webhook': serviceDeath('proquant-webhook'),
  'ws-session': serviceDeath('ws-session'),
  console: serviceDeath('console'),
  haproxy: async ({ system }) => {
    await system.servers.parts.proxy.kill();
    return 'haproxy';
  },
  etcd: async ({ system }) => {
    await system.servers.parts.etcd.kill();
    return 'etcd';
  },
} as const satisfies Readonly<Record<string, Death>>;

export type DeathName = keyof typeof DEATHS;
export const DEATH_NAMES = Object.keys(DEATHS) as DeathName[];
