import { Argument, Command } from 'commander';
import { buildApps } from '../build/build-apps.ts';
import { append } from './append.ts';
import { connector } from './connector.ts';
import { data } from './data.ts';
import { fanout } from './fanout.ts';
import { ingest } from './ingest.ts';
import { killSwitch } from './kill.ts';
import { latencies } from './latency.ts';
import { firstPaint } from './first-paint.ts';
import { poll } from './poll.ts';
import { replay } from './replay.ts';
import { keepReport, report } from './report.ts';
import type { Row } from './row.ts';
import { onOwnServers } from './servers.ts';
import { restart } from './restart.ts';
import { resume } from './resume.ts';
import { scaleAccounts } from './scale-accounts.ts';
import { scaleCells } from './scale-cells.ts';
import { scaleLog } from './scale-log.ts';
import { signals } from './signals.ts';
import { simulator } from './simulator.ts';
import { wire } from './wire.ts';

const WIRE_MESSAGES = 100_000;
const SIMULATED_SECONDS = 15;

interface Sizes {
  readonly ingested: number;
  readonly replayed: number;
  readonly positions: number;
  readonly trades: number;
  readonly simulated: number;
  readonly polled: number;
  readonly streams: number;
  readonly halts: number;
  readonly sessions: number;
  readonly behind: number;
  readonly signalled: number;
  readonly longest: number;
  readonly emmett: boolean;
}

/** What can be measured, each part by itself. */
const PARTS: Readonly<Record<string, (sizes: Sizes) => Promise<Row[]>>> = {
  wire: async () => wire(WIRE_MESSAGES),
  ledger: ({ ingested, replayed }) =>
    onOwnServers(async (servers) => [await replay(servers, replayed), ...(await ingest(servers, ingested))]),
  append: ({ emmett }) => onOwnServers((servers) => append(servers, emmett)),
  system: ({ positions }) => latencies(positions),
  kill: ({ halts }) => killSwitch(halts),
  connector: (sizes) => onOwnServers((servers) => connector(servers, sizes)),
  poll: ({ polled, streams }) => onOwnServers((servers) => poll(servers, polled, streams)),
  sessions: ({ sessions }) => onOwnServers((servers) => fanout(servers, [Math.ceil(sessions / 5), sessions])),
  signals: ({ signalled }) => onOwnServers((servers) => signals(servers, signalled)),
  resume: ({ replayed, behind }) => onOwnServers((servers) => resume(servers, replayed, behind)),
  restart: ({ replayed }) => onOwnServers((servers) => restart(servers, replayed)),
  log: ({ longest }) => onOwnServers((servers) => scaleLog(servers, longest)),
  accounts: ({ ingested }) => onOwnServers((servers) => scaleAccounts(servers, ingested)),
  cells: ({ ingested }) => scaleCells(ingested),
  data: () => onOwnServers(data),
  paint: () => onOwnServers(firstPaint),
  simulator: ({ simulated }) => simulator({ accounts: simulated, seconds: SIMULATED_SECONDS }),
};
const ALL = Object.keys(PARTS);

async function main(chosen: readonly string[], sizes: Sizes): Promise<void> {
  await buildApps();
  const rows: Row[] = [];
  const failed: string[] = [];
  for (const part of ALL.filter((part) => chosen.includes(part))) {
    console.log(`measuring: ${part}`);
    try {
      rows.push(...((await PARTS[part]?.(sizes)) ?? []));
    } catch (error) {
      console.error(error);
      failed.push(part);
    }
  }
  if (!report(rows) || failed.length > 0) process.exitCode = 1;
  if (failed.length > 0) console.error(`not measured: ${failed.join(', ')}`);
  else if (chosen.length === ALL.length) keepReport(rows);
}

new Command('bench')
  .description('our figures beside the raw limits of the same run')
  .addArgument(
    new Argument('[parts...]', 'what to measure; only a run of everything is kept').choices(ALL).default(ALL),
  )
  .option('--ingested <events>', 'events through the ledger, per run', Number, 100_000)
  .option(
    '--replayed <events>',
    'events of the log: through all projections, before a session that resumes, behind what is started again',
    Number,
    200_000,
  )
  .option('--positions <count>', 'positions, one after the other', Number, 200)
  .option('--trades <count>', 'positions that open and close at the broker', Number, 500)
  .option('--simulated <accounts>', 'accounts at the simulator', Number, 1_000)
  .option('--polled <accounts>', 'accounts that TradingView polls', Number, 10_000)
  .option('--streams <count>', 'open streams of positions', Number, 2_000)
  .option('--sessions <count>', 'open WebSocket sessions', Number, 5_000)
  .option('--behind <events>', 'events that a WebSocket session missed', Number, 50_000)
  .option('--signalled <count>', 'signals of a strategy, one after the other', Number, 200)
  .option('--halts <count>', 'halts while orders come', Number, 20)
  .option('--longest <events>', 'the longest of the logs that get ten times longer', Number, 1_000_000)
  .option('--emmett', 'fetches Emmett, which states no licence, and measures beside it too', false)
  .action(main)
  .parseAsync()
  .catch((error: Error) => {
    console.error(error.stack);
    process.exitCode = 1;
  });
