import { NatsCluster } from '@core/machine/nats-cluster';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { natsOfTheRun } from './throwaway-nats.ts';

/** Three NATS servers of a spec's own, with one JetStream, into which everybody may log in. */
export async function throwawayNatsCluster(): Promise<NatsCluster & { readonly remove: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'nats-cluster-'));
  const ports: { client: number; route: number }[] = [];
  for (let each = 0; each < 3; each += 1) ports.push({ client: await freePort(), route: await freePort() });
  const cluster = new NatsCluster({ binary: natsOfTheRun, folder, logs: folder, ports, secret: 'of-the-spec' });
  await cluster.start('owner');
  return Object.assign(cluster, {
    async remove() {
      await Promise.all(cluster.servers.map((server) => server.kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  });
}
