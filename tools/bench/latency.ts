import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerControlClient } from '../e2e/broker-control-client.ts';
import { SystemHarness } from '../e2e/system-harness.ts';
import { TradingView } from '../e2e/trading-view.ts';
import { FactLoad } from './fact-load.ts';
import { OpeningWatch, STAGES, type StagedOpening } from './opening-watch.ts';
import { orderLatencies } from './order-latency.ts';
import { RawPipeline } from './raw-pipeline.ts';
import { latency, mean, percentile, type Row } from './row.ts';

const LOGIN = '10001';
const WARM_UP = 10;
const LOAD_PER_SECOND = 1_000;
const FLOORS = { p50: 0.3, p99: 0.4 };

/**
 * Positions that open at the broker, one after the other: from when the record of it came to a bare client of the broker's
 * socket, for the broker's own stamp is older than its write by all that it does between and by up to a millisecond, to
 * the frame on a WebSocket, first with nothing else to do and then beside facts of other accounts; and orders, from the call to the broker's socket. What the first `/positions` that has it takes is
 * measured apart, for whoever polls it is a load of its own. The raw limit is one event through JetStream, a durable
 * insert and a core-NATS message, nothing in between, beside the same load.
 */
export async function latencies(count: number): Promise<Row[]> {
  const system = await SystemHarness.start(mkdtempSync(join(tmpdir(), 'trading-core-bench-')));
  try {
    const { postgres: databaseUrl, nats: natsUrl, simulator } = system.endpoints;
    const broker = new BrokerControlClient(simulator.control);
    await broker.turn({ execDelayMs: { trade: 0 } });
    const watch = await OpeningWatch.open(system.endpoints, LOGIN);
    const raw = (others: number) => RawPipeline.latencies({ natsUrl, databaseUrl }, count, others);
    try {
      const idle = await opened(watch, broker, count);
      const positions = await untilListed(system, broker, count);
      const idleRaw = await raw(0);
      const load = await FactLoad.start(natsUrl, LOAD_PER_SECOND);
      const busy = await opened(watch, broker, count);
      await load.stop();
      return [
        ...toFrame('latency.commit-to-view', 'idle', idle, idleRaw),
        ...toFrame(
          'latency.commit-to-view.busy',
          `beside ${LOAD_PER_SECOND} events/s`,
          busy,
          await raw(LOAD_PER_SECOND),
        ),
        latency({
          ...{ id: 'latency.commit-to-positions', what: "broker's write to /positions (polled), p50", unit: 'ms' },
          ...{ value: percentile(positions, 50), limit: percentile(idleRaw, 50), floor: null },
        }),
        ...(await orderLatencies(system, { natsUrl, databaseUrl }, LOGIN, count)),
      ];
    } finally {
      await watch.close();
    }
  } finally {
    await system.stop();
  }
}

async function opened(watch: OpeningWatch, broker: BrokerControlClient, count: number): Promise<StagedOpening[]> {
  const openings: StagedOpening[] = [];
  for (let n = 0; n < count + WARM_UP; n += 1) openings.push(await watch.opening(() => openOne(broker, n)));
  return openings.slice(WARM_UP);
}

const openOne = async (broker: BrokerControlClient, n: number): Promise<number> =>
  (await broker.open(LOGIN, { symbol: 'EURUSD', side: n % 2 ? 'buy' : 'sell', volume: '0.01' })).position;

function toFrame(id: string, when: string, openings: readonly StagedOpening[], raw: readonly number[]): Row[] {
  const whole = openings.map(({ wholeMs }) => wholeMs);
  const row = (name: string, percent: number, floor: number): Row =>
    latency({
      ...{ id: name, what: `broker's write to WebSocket frame, ${when}, p${percent}`, unit: 'ms', floor },
      ...{ value: percentile(whole, percent), limit: percentile(raw, percent) },
    });
  const stages = STAGES.map(({ stage, what }) =>
    latency({
      ...{ id: `${id}.${stage}`, what: `of that, on average: ${what}`, unit: 'ms', limit: null, floor: null },
      value: mean(openings.map(({ stageMs }) => stageMs[stage])),
    }),
  );
  return [row(id, 50, FLOORS.p50), row(`${id}.p99`, 99, FLOORS.p99), ...stages];
}

/** Polls as fast as answers come; the time of the first that lists so many positions more. */
async function untilListed(system: SystemHarness, broker: BrokerControlClient, count: number): Promise<number[]> {
  const tradingView = await TradingView.login(system.endpoints.tvGateway);
  const account = tradingView.accountIds[0] ?? '';
  const before = (await tradingView.openPositions(account)).length;
  const measured: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const startMs = Date.now();
    await openOne(broker, n);
    while ((await tradingView.openPositions(account)).length <= before + n);
    measured.push(Date.now() - startMs);
  }
  return measured;
}
