import type { PortBook } from '@core/machine/ports';
import type { LoginName } from '@core/service/logins';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { givenServers, Infrastructure } from '../infra/infrastructure.ts';

export interface Servers {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  /** NATS as a service logs in there, where the owner's login will not do. */
  readonly natsUrlOf: (login: LoginName) => string;
  /** For what is started beside them. */
  readonly ports: PortBook;
  /** Folder of logs, gone with the rest. */
  readonly logs: string;
}

/**
 * Servers of its own, so that nothing else is measured and nothing else is disturbed, removed afterwards.
 * By then `use` has closed every client: one that is still open would die with its server and hide what went wrong.
 */
export async function onOwnServers<Result>(use: (servers: Servers) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'trading-core-bench-'));
  const servers = await Infrastructure.open({
    ...{ folder, ports: 'auto', livesWith: 'owner', given: givenServers() },
    say: console.log,
  });
  try {
    await servers.up();
    const { databaseUrl, natsUrl, natsUrlOf, ports } = servers;
    return await use({ databaseUrl, natsUrl, natsUrlOf, ports, logs: join(folder, 'logs') });
  } finally {
    await servers.remove();
  }
}
