import { natsAuthorization } from '@core/bus/nats-authorization';
import type { ClusterPrograms } from '@core/machine/cluster-programs';
import { EtcdServer } from '@core/machine/etcd-server';
import { HaproxyServer } from '@core/machine/haproxy-server';
import { natsBinary } from '@core/machine/nats-binary';
import { NatsCluster } from '@core/machine/nats-cluster';
import { PatroniMember } from '@core/machine/patroni-member';
import type { RunAs } from '@core/machine/run-as';
import { join } from 'node:path';
import type { ServerPasswords } from '../infra/server-passwords.ts';
import type { ServerPorts } from './cluster-ports.ts';

/** What a cell stands on: whatever of it dies, another of its kind goes on, or it is back before anybody needs it. */
export interface ClusterParts {
  readonly nats: NatsCluster;
  readonly members: readonly PatroniMember[];
  readonly etcd: EtcdServer;
  readonly proxy: HaproxyServer;
}

export interface PartsPlace {
  readonly programs: ClusterPrograms;
  readonly folder: string;
  /** Where the user that Postgres runs as may pass through. */
  readonly databases: string;
  readonly logs: string;
  readonly ports: ServerPorts;
  readonly passwords: ServerPasswords;
  readonly runAs: RunAs;
  readonly proxyConfig: () => string;
  readonly say: (line: string) => void;
}

/** Starts nothing. */
export function clusterParts(place: PartsPlace): ClusterParts {
  const { programs, folder, logs, ports, passwords, proxyConfig: config, say } = place;
  const { owner, logins } = passwords;
  return {
    nats: new NatsCluster({
      ...{ binary: () => natsBinary(say), folder: join(folder, 'nats'), logs, ports: ports.nats, secret: owner },
      config: natsAuthorization((login) => JSON.stringify(logins[login]), JSON.stringify(owner)),
      login: { user: 'owner', pass: owner },
    }),
    members: ports.members.map((own, index) => memberOf(place, `postgres-${index + 1}`, own)),
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

function memberOf(place: PartsPlace, name: string, ports: ServerPorts['members'][number]): PatroniMember {
  const { programs, databases, logs, runAs, passwords } = place;
  return new PatroniMember({
    ...{ name, program: programs.patroni, binaries: programs.postgres, folder: join(databases, name), runAs },
    ...{ logFile: join(logs, `${name}.log`), ports, etcdPort: place.ports.etcd.client },
    ...{ password: passwords.owner, secret: passwords.owner },
  });
}
