import { jetStreams } from '@core/contracts/subjects';
import { present } from '@core/kernel/present';
import { processName } from '@core/kernel/process-name';
import { signalPid, treeOf } from '@core/machine/pids';
import type { NatsServer } from '@core/machine/nats-server';
import { within } from '@core/machine/within';
import type { PatroniMember } from '@core/machine/patroni-member';
import type { AppName } from '../../start/services.ts';
import { memberNameOf } from '../cluster-parts.ts';
import type { ProvedCell } from './cell.ts';
import { StrandedClient, type StrandedStore } from './stranded-client.ts';
import { strandedStream, strandedTable } from './stranded-stores.ts';

const HEARD_WITHIN_MS = 60_000;

/** What befell a cell. */
interface Blow {
  readonly victim: string;
  /** Of who was frozen or cut off: goes on from where it was, and believes what it believed. */
  readonly wake?: () => void;
  /** Once all is whole: what it told whoever heard nobody else. Throws where that is not so. */
  readonly testimony?: () => Promise<string>;
}

/**
 * Ends something as `kill -9` does, freezes it as a machine that hears nobody and that nobody hears, or cuts it off from
 * its peers, while its own clients go on being heard.
 */
type Death = (cell: ProvedCell) => Promise<Blow>;

const killed = (who: string): Blow => ({ victim: `${who} was killed` });

function frozen(who: string, ...pids: readonly (number | undefined)[]): Blow {
  const all = pids.flatMap((pid) => treeOf(present(pid, `${who} runs`)));
  for (const pid of all) signalPid(pid, 'SIGSTOP');
  return { victim: `${who} was frozen`, wake: () => all.forEach((pid) => signalPid(pid, 'SIGCONT')) };
}

/** The others hear nothing of a member any more, nor it of them; a client beside it goes on writing there. */
async function parted({ network }: ProvedCell, member: string, who: string, store: StrandedStore): Promise<Blow> {
  const client = new StrandedClient(store);
  if (!(await within(HEARD_WITHIN_MS, () => client.isHeard))) throw new Error(`${who} keeps nothing for its client`);
  network.part(member);
  client.strand();
  return {
    victim: `${who} was parted from the others`,
    wake() {
      client.rejoin();
      network.heal();
    },
    testimony: () => client.testimony(),
  };
}

const serviceDeath =
  (name: AppName): Death =>
  async ({ system }) => {
    const all = system.apps.filter(({ spec }) => spec.name === name);
    const working = await Promise.all(all.map(async (app) => ((await app.isReady()) ? [app] : [])));
    const victim = present(working.flat()[0], `a ${name} is ready`);
    await victim.crash();
    return killed(processName(victim.spec));
  };

/** Whoever leads the intake, which may lead all servers too. */
async function natsLeader({ system, load }: ProvedCell): Promise<{ server: NatsServer; leader: string; name: string }> {
  const { streams } = await load.nats.jetstreamManager();
  const { cluster } = await streams.info(jetStreams.intake.name);
  const leader = cluster?.leader ?? '';
  const server = present(system.servers.parts.nats.named(leader), `${leader} leads the intake`);
  return { server, leader, name: `${leader}, which led the intake,` };
}

const natsDeath: Death = async (cell) => {
  const { server, name } = await natsLeader(cell);
  await server.kill();
  return killed(name);
};

const natsFrozen: Death = async (cell) => {
  const { server, name } = await natsLeader(cell);
  return frozen(name, server.pid);
};

const natsParted: Death = async (cell) => {
  const leading = await natsLeader(cell);
  const store = await strandedStream(cell.system.servers, cell.load.nats, leading);
  return parted(cell, leading.leader, leading.name, store);
};

const postgresDeath: Death = async (cell) => {
  const { member, name } = await memberWho(cell, 'master');
  process.kill(present(member.postgresPid, 'the leader has a Postgres'), 'SIGKILL');
  return killed(`${name}, which took the writes,`);
};

/** As when its machine is gone: nobody is left who could hand over. */
const machineDeath: Death = async (cell) => {
  const { member, name } = await memberWho(cell, 'master');
  await member.kill();
  return killed(`${name} and its Patroni`);
};

/** As when its machine is parted from all others: it wakes as the one that took the writes. */
const machineFrozen: Death = async (cell) => {
  const { member, name } = await memberWho(cell, 'master');
  return frozen(`${name} and its Patroni`, member.pid, member.postgresPid);
};

const postgresParted: Death = async (cell) => {
  const { index, name } = await memberWho(cell, 'master');
  return parted(cell, name, `${name} with its Patroni`, await strandedTable(cell.system.servers, index));
};

const copyDeath: Death = async (cell) => {
  const { member, name } = await memberWho(cell, 'replica');
  await member.kill();
  return killed(`${name}, the copy, and its Patroni`);
};

interface KnownMember {
  readonly member: PatroniMember;
  readonly index: number;
  readonly name: string;
}

async function memberWho({ system }: ProvedCell, role: string): Promise<KnownMember> {
  for (const [index, member] of system.servers.parts.members.entries())
    if ((await member.state())?.role === role) return { member, index, name: memberNameOf(index) };
  throw new Error(`no Postgres is ${role}`);
}

/** Every kind of process that a cell has; and those that lead, cut off from everybody for a while. */
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
    return killed('haproxy');
  },
  etcd: async ({ system }) => {
    await system.servers.parts.etcd.kill();
    return killed('etcd');
  },
  'nats-frozen': natsFrozen,
  'postgres-frozen': machineFrozen,
  'nats-parted': natsParted,
  'postgres-parted': postgresParted,
} as const satisfies Readonly<Record<string, Death>>;

export type DeathName = keyof typeof DEATHS;
export const DEATH_NAMES = Object.keys(DEATHS) as DeathName[];
