import { natsAuthorization } from '@core/bus/nats-authorization';
import { present } from '@core/kernel/present';
import type { ClusterPrograms } from '@core/machine/cluster-programs';
import { EtcdServer } from '@core/machine/etcd-server';
import { HaproxyServer } from '@core/machine/haproxy-server';
import { natsBinary } from '@core/machine/nats-binary';
import { NatsCluster, natsNameOf, type NatsMemberPorts } from '@core/machine/nats-cluster';
import { PatroniMember } from '@core/machine/patroni-member';
import type { RunAs } from '@core/machine/run-as';
import { join } from 'node:path';
import type { ServerPasswords } from '../infra/server-passwords.ts';
import type { ServerPorts } from './cluster-ports.ts';
import type { MemberLinks } from './member-links.ts';

/** What a cell stands on: whatever of it dies, another of its kind goes on, or it is back before anybody needs it. */
export interface ClusterParts {
  readonly nats: NatsCluster;
  readonly members: readonly PatroniMember[];
  readonly etcd: EtcdServer;
  readonly proxy: HaproxyServer;
}

export const memberNameOf = (index: number): string => `postgres-${index + 1}`;

export interface PartsPlace {
  readonly programs: ClusterPrograms;
  readonly folder: string;
  /** Where the user that Postgres runs as may pass through. */
  readonly databases: string;
  readonly logs: string;
  readonly ports: ServerPorts;
  readonly passwords: ServerPasswords;
  readonly runAs: RunAs;
  readonly links: MemberLinks;
  readonly proxyConfig: () => string;
  readonly say: (line: string) => void;
}

/** Starts nothing. */
export async function clusterParts(place: PartsPlace): Promise<ClusterParts> {
  const { programs, folder, logs, ports, passwords, proxyConfig: config, say } = place;
  const { owner, logins } = passwords;
  return {
    nats: new NatsCluster({
      ...{ binary: () => natsBinary(say), folder: join(folder, 'nats'), logs, secret: owner },
      ports: await natsPortsOf(place),
      config: natsAuthorization((login) => JSON.stringify(logins[login]), JSON.stringify(owner)),
      login: { user: 'owner', pass: owner },
    }),
    members: await Promise.all(ports.members.map((_, index) => memberOf(place, index))),
    etcd: new EtcdServer({
      ...{ program: programs.etcd, folder: join(folder, 'etcd'), logFile: join(logs, 'etcd.log') },
      ...{ ports: ports.etcd, password: owner },
    }),
    proxy: new HaproxyServer({
      ...{ program: programs.haproxy, folder: join(folder, 'haproxy'), logFile: join(logs, 'haproxy.log') },
      ...{ port: ports.database, config },
    }),
  };
}

function natsPortsOf({ ports, links }: PartsPlace): Promise<readonly NatsMemberPorts[]> {
  const dialsOf = (from: number): Promise<readonly number[]> =>
    Promise.all(ports.nats.map(({ route }, to) => links.between(natsNameOf(from), natsNameOf(to), route)));
  return Promise.all(ports.nats.map(async (own, index) => ({ ...own, dials: await dialsOf(index) })));
}

async function memberOf(place: PartsPlace, index: number): Promise<PatroniMember> {
  const { programs, databases, logs, runAs, passwords, links } = place;
  const [name, other] = [memberNameOf(index), memberNameOf(1 - index)];
  const ports = present(place.ports.members[index], 'it is one of two');
  const peers = {
    postgres: await links.between(other, name, ports.postgres),
    api: await links.between(other, name, ports.api),
  };
  const etcdPort = await links.between(name, 'etcd', place.ports.etcd.client);
  return new PatroniMember({
    ...{ name, program: programs.patroni, binaries: programs.postgres, folder: join(databases, name), runAs },
    ...{ logFile: join(logs, `${name}.log`), ports, peers, etcdPort },
    ...{ password: passwords.owner, secret: passwords.owner },
  });
}
