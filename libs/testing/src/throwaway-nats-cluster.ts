import { NatsCluster, natsNameOf } from '@core/machine/nats-cluster';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { PartableNetwork } from './partable-network.ts';
import { natsOfTheRun } from './throwaway-nats.ts';

interface ThrowawayNatsCluster extends NatsCluster {
  /** By which its servers reach each other. */
  readonly network: PartableNetwork;
  remove(): Promise<void>;
}

/** Three NATS servers of a spec's own, with one JetStream, into which everybody may log in. */
export async function throwawayNatsCluster(): Promise<ThrowawayNatsCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'nats-cluster-'));
  const own: { client: number; route: number }[] = [];
  for (let each = 0; each < 3; each += 1) own.push({ client: await freePort(), route: await freePort() });
  const network = new PartableNetwork();
  const dialsOf = (from: number): Promise<readonly number[]> =>
    Promise.all(own.map(({ route }, to) => network.between(natsNameOf(from), natsNameOf(to), route)));
  const ports = await Promise.all(own.map(async (each, index) => ({ ...each, dials: await dialsOf(index) })));
  const cluster = new NatsCluster({ binary: natsOfTheRun, folder, logs: folder, ports, secret: 'of-the-spec' });
  await cluster.start('owner');
  return Object.assign(cluster, {
    network,
    async remove() {
      await Promise.all(cluster.servers.map((server) => server.kill()));
      await network.close();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}
