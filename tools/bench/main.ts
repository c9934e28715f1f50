import { connectNats } from '@core/bus/nats-connection';
import { Command } from 'commander';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApps } from '../build/build-apps.ts';
import { givenServers, Infrastructure } from '../infra/infrastructure.ts';
import { ingest } from './ingest.ts';
import { latencies } from './latency.ts';
import { RawNats } from './raw-nats.ts';
import { RawPostgres } from './raw-postgres.ts';
import { replay } from './replay.ts';
import { report } from './report.ts';
import type { Row } from './row.ts';
import { wire } from './wire.ts';

const WIRE_MESSAGES = 100_000;

/** Servers of its own, so that nothing else is measured and nothing else is disturbed. */
async function onOwnServers(ingested: number, replayed: number): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'trading-core-bench-'));
  const servers = await Infrastructure.open({
    ...{ folder, ports: 'auto', livesWith: 'owner', given: givenServers() },
    say: console.log,
  });
  try {
    await servers.up();
    const { databaseUrl, natsUrl } = servers;
    const connection = await connectNats({ url: natsUrl, name: 'bench' });
    const [postgres, nats] = [await RawPostgres.open(databaseUrl), await RawNats.open(connection)];
    const opsPort = await servers.ports.claim('ledger-ops', 0);
    const env = { DATABASE_URL: databaseUrl, NATS_URL: natsUrl };
    const ledger = { name: 'ledger', opsPort, env };

    console.log(`replay of ${replayed} events`);
    const replaying = await replay(databaseUrl, postgres, replayed);
    console.log(`ingest of ${ingested} events, three times`);
    const bench = { natsUrl, postgres: await RawPostgres.open(databaseUrl), nats, ledger, logs: join(folder, 'logs') };
    const ingesting = await ingest(bench, ingested);
    await connection.close();
    return [...ingesting, replaying];
  } finally {
    await servers.remove();
  }
}

async function main({
  ingested,
  replayed,
  positions,
}: Record<'ingested' | 'replayed' | 'positions', string>): Promise<void> {
  await buildApps();
  console.log('xAPI wire');
  const rows = [wire(WIRE_MESSAGES), ...(await onOwnServers(Number(ingested), Number(replayed)))];
  console.log(`latency of ${positions} positions through the whole system`);
  rows.push(...(await latencies(Number(positions))));
  console.log();
  process.exitCode = report(rows) ? 0 : 1;
}

new Command('bench')
  .description('our figures beside the raw limits of the same run')
  .option('--ingested <events>', 'events through the ledger, per run', '100000')
  .option('--replayed <events>', 'events through all projections', '200000')
  .option('--positions <count>', 'positions through the whole system', '200')
  .action(main)
  .parseAsync()
  .then(
    () => process.exit(),
    (error: Error) => {
      console.error(error.stack);
      process.exit(1);
    },
  );
