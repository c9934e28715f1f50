import { Argument, Command } from 'commander';
import { buildApps } from '../build/build-apps.ts';
import { ingest } from './ingest.ts';
import { latencies } from './latency.ts';
import { replay } from './replay.ts';
import { keep, report } from './report.ts';
import type { Row } from './row.ts';
import { onOwnServers } from './servers.ts';
import { wire } from './wire.ts';

const WIRE_MESSAGES = 100_000;

interface Sizes {
  readonly ingested: number;
  readonly replayed: number;
  readonly positions: number;
}

/** What can be measured, each part by itself. */
const PARTS: Readonly<Record<string, (sizes: Sizes) => Promise<Row[]>>> = {
  wire: async () => wire(WIRE_MESSAGES),
  ledger: ({ ingested, replayed }) =>
    onOwnServers(async (servers) => [await replay(servers, replayed), ...(await ingest(servers, ingested))]),
  system: ({ positions }) => latencies(positions),
};
const ALL = Object.keys(PARTS);

async function main(chosen: readonly string[], sizes: Sizes): Promise<void> {
  await buildApps();
  const rows: Row[] = [];
  for (const part of ALL.filter((part) => chosen.includes(part))) {
    console.log(`measuring: ${part}`);
    rows.push(...((await PARTS[part]?.(sizes)) ?? []));
  }
  if (!report(rows)) process.exitCode = 1;
  if (chosen.length === ALL.length) keep(rows);
}

new Command('bench')
  .description('our figures beside the raw limits of the same run')
  .addArgument(
    new Argument('[parts...]', 'what to measure; only a run of everything is kept').choices(ALL).default(ALL),
  )
  .option('--ingested <events>', 'events through the ledger, per run', Number, 100_000)
  .option('--replayed <events>', 'events through all projections', Number, 200_000)
  .option('--positions <count>', 'positions through the whole system', Number, 200)
  .action(main)
  .parseAsync()
  .catch((error: Error) => {
    console.error(error.stack);
    process.exitCode = 1;
  });
