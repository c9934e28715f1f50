import { present } from '@core/kernel/present';
import { HaproxyServer } from '@core/machine/haproxy-server';
import { signalPid } from '@core/machine/pids';
import { installedProgram } from '@core/machine/program';
import { freePort } from '@core/testing/free-port';
import type { Way } from '@core/testing/partable-network';
import { join } from 'node:path';

/**
 * A way by a process of its own: members go on hearing each other in time, whatever a proof computes. Frozen, it says
 * nothing, and those connected to it stay so.
 */
export async function relayTo(port: number, folder: string): Promise<Way> {
  const own = await freePort();
  const proxy = new HaproxyServer({
    program: present(installedProgram('haproxy'), 'a cluster has haproxy'),
    folder: join(folder, String(own)),
    logFile: join(folder, 'relays.log'),
    port: own,
    config: () => configOf(own, port),
  });
  await proxy.start('owner');
  const pid = present(proxy.pid, 'the relay runs');
  return {
    port: own,
    hush: () => signalPid(pid, 'SIGSTOP'),
    speak: () => signalPid(pid, 'SIGCONT'),
    stop: () => proxy.stop(),
  };
}

const configOf = (own: number, port: number): string => `defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
  timeout server 1h
listen relay
  bind 127.0.0.1:${own}
  server member 127.0.0.1:${port}
`;
