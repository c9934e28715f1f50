import { setTimeout as pause } from 'node:timers/promises';
import { FeedWatch } from './feed-watch.ts';
import { BenchHarness } from './bench-harness.ts';
import { RawPipeline } from './raw-pipeline.ts';
import { latency, percentile, type Row } from './row.ts';
import type { Servers } from './servers.ts';
import { tradeFrame } from './wire.ts';

const FEW = 10;
const MANY = 200;
const WARM_UP = 50;
const WINDOW_MS = 8_000;
/** Of each of the simulator's instruments, each level a tick of its own: thousands, for one costs next to nothing. */
const TICKS_PER_SECOND = 100;
const SAMPLE_MS = 1_000;
/** A third of what 1,000 trade records took when this was promised. */
const PROMISED_CPU_MS = 500;
const PARSE_RUNS = 100;

export interface ConnectorSizes {
  /** Positions opened one after the other. */
  readonly positions: number;
  /** Positions opened and closed as fast as the broker is told. */
  readonly trades: number;
}

/** One connector process against the simulator: how soon the log has what the broker did, and what it costs. */
export async function connector(servers: Servers, { positions, trades }: ConnectorSizes): Promise<Row[]> {
  const harness = await BenchHarness.open(servers, MANY);
  const feed = await FeedWatch.open(servers.natsUrl);
  try {
    await harness.grow(FEW);
    const ours = await writeToCommitted(harness, feed, positions);
    const raw = await RawPipeline.latencies(servers, positions);
    const perTrade = await cpuPerTrade(harness, feed, trades);
    const few = await harness.heldBytes();
    await harness.grow(MANY);
    for (const login of harness.logins.slice(FEW)) await openOne(harness, feed, login);
    const perAccount = ((await harness.heldBytes()) - few) / (MANY - FEW);
    const { idlePercent, perTick } = await cpuPerTick(harness);

    const write = (percent: number, id: string): Row =>
      latency({
        ...{ id, what: `broker's write of a trade to the event committed and told, p${percent}`, unit: 'ms' },
        ...{ value: percentile(ours, percent), limit: percentile(raw, percent), floor: null },
      });
    const cost = (id: string, what: string, value: number, unit: string): Row =>
      latency({ id, what, value, unit, limit: null, floor: null });
    return [
      write(50, 'connector.write-to-committed'),
      write(99, 'connector.write-to-committed.p99'),
      latency({
        ...{ id: 'connector.cpu-per-1000-trades', what: 'CPU for 1,000 trade records, less when idle', unit: 'ms' },
        ...{ value: perTrade * 1_000, limit: PROMISED_CPU_MS, floor: 1 },
      }),
      cost('raw.parse-1000-trades', 'JSON.parse of as many such records', parsedMs(1_000), 'ms'),
      cost('connector.200-accounts.memory', 'memory an account adds, garbage collected', perAccount / 1_024, 'kB'),
      cost('connector.200-accounts.idle', 'CPU while no price moves', idlePercent, '% of a core'),
      cost('connector.200-accounts.cpu-per-1000-ticks', 'CPU for 1,000 ticks, beside that', perTick * 1_000, 'ms'),
    ];
  } finally {
    await feed.close();
    await harness.close();
  }
}

/** Milliseconds from the broker's stamp of each opening, which it makes as it writes, to the feed's message of it. */
async function writeToCommitted(harness: BenchHarness, feed: FeedWatch, count: number): Promise<number[]> {
  const measured: number[] = [];
  for (let n = 0; n < count + WARM_UP; n += 1) {
    const { openedMs, toldMs } = await openOne(harness, feed, harness.logins[n % FEW] ?? '');
    measured.push(toldMs - openedMs);
  }
  return measured.slice(WARM_UP);
}

async function openOne(harness: BenchHarness, feed: FeedWatch, login: string) {
  const { position } = await harness.broker.open(login, { symbol: 'EURUSD', side: 'buy', volume: '0.01' });
  return feed.opening(position);
}

/** Milliseconds of CPU for each trade record read, while positions open and close one after the other. */
async function cpuPerTrade(harness: BenchHarness, feed: FeedWatch, count: number): Promise<number> {
  const idle = await cpuShare(harness);
  const before = await harness.metrics();
  const start = performance.now();
  const opened: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const position = { symbol: 'EURUSD', side: 'buy', volume: '0.01' } as const;
    opened.push((await harness.broker.open(harness.logins[n % FEW] ?? '', position)).position);
  }
  const closed = feed.closed + count;
  for (const position of opened) await harness.broker.close(position);
  await feed.reached(0, closed);
  const after = await harness.metrics();
  const records =
    after.value('xapi_records_total', 'stream="trade"') - before.value('xapi_records_total', 'stream="trade"');
  return (after.cpuMs - before.cpuMs - idle * (performance.now() - start)) / records;
}

/** Milliseconds of CPU for so many records, by code that has been compiled. */
function parsedMs(records: number): number {
  const texts = Array.from({ length: records }, (_, n) => JSON.stringify(tradeFrame(n, {})));
  const { user, system } = process.cpuUsage();
  for (let run = 0; run < PARSE_RUNS; run += 1) for (const text of texts) JSON.parse(text);
  const after = process.cpuUsage();
  return (after.user - user + after.system - system) / 1_000 / PARSE_RUNS;
}

/** What the simulator's ticks cost beside what the accounts cost anyway, before and after. */
async function cpuPerTick(harness: BenchHarness): Promise<{ readonly idlePercent: number; readonly perTick: number }> {
  const ticking = async (ticksPerSecond: number): Promise<{ readonly cpu: number; readonly ticks: number }> => {
    await harness.broker.turn({ market: { ticksPerSecond } });
    await pause(SAMPLE_MS);
    const before = (await harness.metrics()).value('xapi_ticks_total');
    const cpu = await cpuShare(harness);
    return { cpu, ticks: (await harness.metrics()).value('xapi_ticks_total') - before };
  };
  const [quiet, busy, quietAgain] = [await ticking(0), await ticking(TICKS_PER_SECOND), await ticking(0)];
  const idle = (quiet.cpu + quietAgain.cpu) / 2;
  return { idlePercent: idle * 100, perTick: ((busy.cpu - idle) * WINDOW_MS) / busy.ticks };
}

/** CPU the connector uses of one core, over a while in which nothing is asked of it. */
async function cpuShare(harness: BenchHarness): Promise<number> {
  const [before, start] = [await harness.metrics(), performance.now()];
  await pause(WINDOW_MS);
  return ((await harness.metrics()).cpuMs - before.cpuMs) / (performance.now() - start);
}
