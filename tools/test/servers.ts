import { natsBinary } from '@core/machine/nats-binary';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApps } from '../build/build-apps.ts';
import { givenServers, Infrastructure } from '../infra/infrastructure.ts';

/** What specs that need real servers find in their environment. */
export type ServerEnv = Readonly<Record<'DATABASE_URL' | 'NATS_URL' | 'NATS_BIN', string>>;

/** Postgres and NATS of their own, and every app built, for as long as `run` takes; nothing of it is left behind. */
export async function withServers<Result>(run: (env: ServerEnv) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'trading-core-test-'));
  const say = (line: string): void => console.log(line);
  const options = { folder, ports: 'auto', livesWith: 'owner', say, given: givenServers() } as const;
  const infrastructure = await Infrastructure.open(options);
  removeOnSignal(infrastructure);
  try {
    const { milliseconds } = await buildApps();
    await infrastructure.up();
    console.log(`built in ${milliseconds} ms`);
    const { databaseUrl: DATABASE_URL, natsUrl: NATS_URL } = infrastructure;
    return await run({ DATABASE_URL, NATS_URL, NATS_BIN: natsBinary(say) });
  } finally {
    await infrastructure.remove();
  }
}

/** Ctrl-C leaves neither servers nor files behind. */
function removeOnSignal(infrastructure: Infrastructure): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void infrastructure.remove().finally(() => process.exit(130)));
  }
}
