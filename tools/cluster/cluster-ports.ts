import type { MemberPorts } from '@core/machine/patroni-member';
import type { PortBook } from '@core/machine/ports';
import { APPS, type AppName, type Ports } from '../start/services.ts';

/** How many there are of each service and of Postgres. */
const INSTANCES = [1, 2];

const NATS_SERVERS = [1, 2, 3];

/** Where what nobody dials by heart listens; `--ports auto` takes free ones. */
const USUAL_FIRST = 23_000;
const USUAL_POSTGRES = 15_432;
const USUAL_NATS = 14_222;

/** Where the servers of a cell listen. */
export interface ServerPorts {
  /** Leads to the Postgres that takes writes. */
  readonly database: number;
  readonly members: readonly MemberPorts[];
  readonly nats: readonly { readonly client: number; readonly route: number }[];
  readonly etcd: { readonly client: number; readonly peer: number };
}

export async function claimServerPorts(book: PortBook): Promise<ServerPorts> {
  const claim = claimerOf(book);
  const members: MemberPorts[] = [];
  for (const each of INSTANCES)
    members.push({ postgres: await claim(`postgres ${each}`), api: await claim(`patroni ${each}`) });
  const nats: { client: number; route: number }[] = [];
  for (const each of NATS_SERVERS)
    nats.push({
      client: await book.claim(`nats ${each}`, USUAL_NATS + each - 1),
      route: await claim(`nats route ${each}`),
    });
  const etcd = { client: await claim('etcd'), peer: await claim('etcd peer') };
  return { database: await book.claim('postgres', USUAL_POSTGRES), members, nats, etcd };
}

/** One process of a service: its own port, where it has one, and that of its health. */
export interface InstancePorts {
  readonly port: number;
  readonly ops: number;
}

/** A service, before whose processes the proxy stands at the ports that people know. */
export interface SharedService {
  readonly name: AppName;
  readonly front: { readonly port: number | null; readonly ops: number };
  readonly instances: readonly InstancePorts[];
}

/** Of every service but the simulator, which is no part of the cell. */
export async function claimShared(book: PortBook, claimed: Ports): Promise<readonly SharedService[]> {
  const claim = claimerOf(book, USUAL_FIRST + 100);
  const shared: SharedService[] = [];
  for (const name of APPS) {
    if (name === 'xapi-simulator') continue;
    const instances: InstancePorts[] = [];
    for (const each of INSTANCES)
      instances.push({ port: await claim(`${name} ${each}`), ops: await claim(`${name} ${each}-ops`) });
    const port = name in claimed ? claimed[name as keyof Ports] : null;
    shared.push({ name, front: { port, ops: claimed[`${name}-ops`] }, instances });
  }
  return shared;
}

function claimerOf(book: PortBook, first = USUAL_FIRST): (name: string) => Promise<number> {
  let next = first;
  return (name) => book.claim(name, next++);
}
