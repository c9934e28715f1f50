import { installedProgram } from './program.ts';
import { postgresWithTools } from './postgres-binaries.ts';

/** What a cell that no single death stops is made of, beside NATS. */
export interface ClusterPrograms {
  readonly patroni: string;
  readonly etcd: string;
  readonly haproxy: string;
  /** The folder of a Postgres that can copy and rewind, as a standby must. */
  readonly postgres: string;
}

const PACKAGES = { patroni: 'patroni', etcd: 'etcd-server', haproxy: 'haproxy', postgres: 'postgresql' } as const;

/** What a person does about a machine without them. */
export const HOW_TO_GET_CLUSTER = `apt-get install ${Object.values(PACKAGES).join(' ')}, as Debian and Ubuntu have them`;

/** The programs of this machine, or which of them are missing, as their packages are called. */
export function clusterPrograms(): ClusterPrograms | { readonly missing: readonly string[] } {
  const found = {
    patroni: installedProgram('patroni'),
    etcd: installedProgram('etcd'),
    haproxy: installedProgram('haproxy'),
    postgres: postgresWithTools(),
  };
  const { patroni, etcd, haproxy, postgres } = found;
  if (patroni !== null && etcd !== null && haproxy !== null && postgres !== null)
    return { patroni, etcd, haproxy, postgres };
  const names = Object.keys(PACKAGES) as (keyof typeof PACKAGES)[];
  return { missing: names.filter((name) => found[name] === null).map((name) => PACKAGES[name]) };
}
