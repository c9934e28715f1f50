import { connectNats } from '@core/bus/nats-connection';
import type { FeedBatch } from '@core/contracts/feed';
import { subjects } from '@core/contracts/subjects';
import { toMs } from '@core/kernel/instant';
import { present } from '@core/kernel/present';
import { until } from '@core/testing/until';
import { setTimeout as pause } from 'node:timers/promises';
import { BrokerControlClient } from '../e2e/broker-control-client.ts';
import type { SystemHarness } from '../e2e/system-harness.ts';
import { TradingView } from '../e2e/trading-view.ts';
import { BareSignals } from './bare-signals.ts';
import { latency, mean, percentile, type Row } from './row.ts';
import type { Servers } from './servers.ts';

const INSTRUMENT = 'EURUSD';
const [BID, ASK] = ['1.1', '1.1001'];
const ORDER = { instrument: INSTRUMENT, type: 'market', qty: '1000', currentAsk: ASK, currentBid: BID };
/** The connector's pause between two commands of a session is over, so that its turn is free. */
const BETWEEN_MS = 400;
const WARM_UP = 5;
const FLOORS = { p50: 0.2, p99: 0.3 };

/** When an order stood where, in milliseconds since the epoch. */
interface OrderSeen {
  readonly calledMs: number;
  readonly requestedMs: number;
  readonly dispatchedMs: number;
  readonly arrivedMs: number;
}

/** An order that is called for over HTTP until the broker's socket has it, beside a bare server's whole answer. */
export async function orderLatencies(
  system: SystemHarness,
  at: Pick<Servers, 'natsUrl' | 'databaseUrl'>,
  login: string,
  count: number,
): Promise<Row[]> {
  const bare = await BareSignals.start(at);
  const [orders, limits]: [OrderSeen[], number[]] = [[], []];
  const watch = await RequestWatch.open(at.natsUrl);
  try {
    const broker = new BrokerControlClient(system.endpoints.simulator.control);
    await broker.price(INSTRUMENT, BID, ASK);
    const before = (await broker.journal(login)).length;
    const tradingView = await TradingView.login(system.endpoints.tvGateway);
    const account = tradingView.accountIds[0] ?? '';
    const called: Pick<OrderSeen, 'calledMs' | 'requestedMs' | 'dispatchedMs'>[] = [];
    for (let n = 0; n < count + WARM_UP; n += 1) {
      const startMs = performance.now();
      await fetch(bare.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(ORDER),
      });
      limits.push(performance.now() - startMs);
      await pause(BETWEEN_MS);
      const calledMs = performance.timeOrigin + performance.now();
      const { s, d, errmsg } = await tradingView.place(account, { ...ORDER, side: n % 2 ? 'buy' : 'sell' });
      if (s !== 'ok' || !d) throw new Error(`an order was not taken: ${errmsg}`);
      called.push({ calledMs, ...(await watch.order(d.orderId)) });
    }
    await until(async () => (await broker.journal(login)).length >= before + called.length);
    const arrived = (await broker.journal(login)).slice(before);
    for (const [n, one] of called.entries()) orders.push({ ...one, arrivedMs: present(arrived[n], 'it came').time });
  } finally {
    await watch.close();
    await bare.stop();
  }
  return rowsOf(orders.slice(WARM_UP), limits.slice(WARM_UP));
}

function rowsOf(orders: readonly OrderSeen[], limits: readonly number[]): Row[] {
  const whole = orders.map(({ calledMs, arrivedMs }) => arrivedMs - calledMs);
  const row = (id: string, percent: number, floor: number): Row =>
    latency({
      ...{ id, what: `POST of an order to its bytes on the broker's socket, p${percent}`, unit: 'ms', floor },
      ...{ value: percentile(whole, percent), limit: percentile(limits, percent) },
    });
  const stage = (name: string, what: string, tookMs: (order: OrderSeen) => number): Row =>
    latency({
      ...{ id: `latency.order.${name}`, what: `of that, on average: ${what}`, unit: 'ms', limit: null, floor: null },
      value: mean(orders.map(tookMs)),
    });
  return [
    row('latency.order', 50, FLOORS.p50),
    row('latency.order.p99', 99, FLOORS.p99),
    stage('edge', 'the call until the ledger decided it', ({ calledMs, requestedMs }) => requestedMs - calledMs),
    stage(
      'claim',
      'its commit, the feed, and its claim',
      ({ requestedMs, dispatchedMs }) => dispatchedMs - requestedMs,
    ),
    stage('socket', "the claim's commit until the broker read it", (one) => one.arrivedMs - one.dispatchedMs),
  ];
}

/** Hears when an order was requested and claimed. */
class RequestWatch {
  private readonly requestedMs = new Map<string, number>();
  private readonly dispatchedMs = new Map<string, number>();

  private constructor(readonly close: () => Promise<void>) {}

  static async open(natsUrl: string): Promise<RequestWatch> {
    const nats = await connectNats({ url: natsUrl, name: 'bench-orders' });
    const watch = new RequestWatch(() => nats.close());
    nats.subscribe(subjects.feed, { callback: (_, message) => watch.take(message.json<FeedBatch>()) });
    await nats.flush();
    return watch;
  }

  /** Resolves once it is claimed. */
  async order(id: string): Promise<Pick<OrderSeen, 'requestedMs' | 'dispatchedMs'>> {
    await until(() => this.dispatchedMs.has(id));
    return {
      requestedMs: present(this.requestedMs.get(id), 'it was requested'),
      dispatchedMs: present(this.dispatchedMs.get(id), 'it was claimed'),
    };
  }

  private take({ events }: FeedBatch): void {
    for (const { type, data, recordedtime } of events) {
      if (type === 'OrderRequested') this.requestedMs.set(data.orderId, toMs(recordedtime));
      if (type === 'RequestDispatched') this.dispatchedMs.set(data.requestId, toMs(recordedtime));
    }
  }
}
