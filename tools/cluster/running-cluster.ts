import type { AppSpec } from '@core/machine/app-process';
import { startSystemOn, type Layout, type RunningSystem, type SystemOptions } from '../start/running-system.ts';
import { isEdge, type Ports } from '../start/services.ts';
import { claimShared, type SharedService } from './cluster-ports.ts';
import { ClusterServers } from './cluster-servers.ts';
import { STRAIGHT } from './member-links.ts';

/** The product as a cell that no single death stops: two of each service, on servers of which any may die. */
export const startCluster = (options: SystemOptions, links = STRAIGHT): Promise<RunningSystem<ClusterServers>> =>
  startSystemOn(options, {
    name: 'Postgres twice, NATS three times',
    open: () => ClusterServers.open({ folder: options.folder, choice: options.ports, links, say: options.say }),
    layOut,
  });

async function layOut(servers: ClusterServers, claimed: Ports): Promise<Layout> {
  const shared = await claimShared(servers.ports, claimed);
  servers.share(shared);
  const sharedAs = (name: string): SharedService | undefined => shared.find((each) => each.name === name);
  return {
    processesOf(spec) {
      const service = sharedAs(spec.name);
      return service === undefined ? [spec] : instancesOf(spec, service);
    },
    opsPortsOf: (name) => sharedAs(name)?.instances.map(({ ops }) => ops) ?? [claimed[`${name}-ops`]],
  };
}

/** Who makes streams and buckets, and says how often they are kept. */
const KEEPERS: ReadonlySet<string> = new Set(['ledger', 'xapi-connector', 'paper-connector']);

/** Each behind the proxy, which tells edges who called, and each on what is kept three times. */
export const instancesOf = (spec: AppSpec, { instances }: SharedService): readonly AppSpec[] =>
  instances.map(({ port, ops }, index) => ({
    ...{ name: spec.name, instance: index + 1, opsPort: ops },
    env: {
      ...spec.env,
      ...('PORT' in spec.env ? { PORT: String(port) } : {}),
      ...(isEdge(spec.name) ? { TRUSTED_PROXIES: '1' } : {}),
      ...(KEEPERS.has(spec.name) ? { JETSTREAM_REPLICAS: '3' } : {}),
    },
  }));
