import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerControlClient } from '../e2e/broker-control-client.ts';
import { SystemHarness } from '../e2e/system-harness.ts';
import { TradingView } from '../e2e/trading-view.ts';
import { WsClient } from '../e2e/ws-client.ts';
import { RawPipeline } from './raw-pipeline.ts';
import { latency, percentile, type Row } from './row.ts';

const LOGIN = '10001';
const WARM_UP = 10;

/**
 * Positions that open at the broker, one after the other: from the broker's own time of opening, which the
 * simulator stamps as it writes to the socket, to the frame on a WebSocket and to the first `/positions` that has it.
 * The raw limit is one event through JetStream, a durable insert and a core-NATS message, nothing in between.
 */
export async function latencies(count: number): Promise<Row[]> {
  const system = await SystemHarness.start(mkdtempSync(join(tmpdir(), 'trading-core-bench-')));
  try {
    const { simulator, wsSession, tvGateway, postgres, nats } = system.endpoints;
    const broker = new BrokerControlClient(simulator.control);
    await broker.turn({ execDelayMs: { trade: 0 } });
    const socket = await WsClient.connect(wsSession);
    const tradingView = await TradingView.login(tvGateway);
    const account = tradingView.accountIds[0] ?? '';

    const [toSocket, toPositions]: [number[], number[]] = [[], []];
    for (let n = 0; n < count + WARM_UP; n += 1) {
      await broker.open(LOGIN, { symbol: 'EURUSD', side: n % 2 ? 'buy' : 'sell', volume: '0.01' });
      const seen = socket.next('position.created', () => socket.bodies('position.created').length > n);
      const listed = firstListing(tradingView, account, n + 1);
      await seen;
      const frame = socket.bodies('position.created')[n];
      const openedMs = Number(frame?.['open_date']) / 1000;
      toSocket.push((socket.arrivals[socket.arrivals.length - 1] ?? 0) - openedMs);
      toPositions.push((await listed) - openedMs);
    }
    await socket.close();
    const raw = await RawPipeline.latencies({ natsUrl: nats, databaseUrl: postgres }, count);
    const row = (id: string, what: string, values: number[], percent: number): Row =>
      latency({
        ...{ id, what, value: percentile(values.slice(WARM_UP), percent), unit: 'ms' },
        ...{ limit: percentile(raw, percent), floor: null },
      });
    return [
      row('latency.commit-to-view', "broker's write to WebSocket frame, p50", toSocket, 50),
      row('latency.commit-to-view.p99', "broker's write to WebSocket frame, p99", toSocket, 99),
      row('latency.commit-to-positions', "broker's write to /positions (polled), p50", toPositions, 50),
    ];
  } finally {
    await system.stop();
  }
}

/** Polls as fast as answers come; the time of the first that lists so many positions. */
async function firstListing(tradingView: TradingView, account: string, count: number): Promise<number> {
  for (;;) if ((await tradingView.openPositions(account)).length >= count) return Date.now();
}
