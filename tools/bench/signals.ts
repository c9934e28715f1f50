import { anEvent } from '@core/contracts/examples.fixture';
import { migrateEventLog } from '@core/event-log/migrations';
import { AppProcess } from '@core/machine/app-process';
import { present } from '@core/kernel/present';
import { openRegistry } from '@core/registry/registry';
import { exampleDelivery } from '@core/proquant/example';
import { newId } from '@core/service/clock';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { progressOf } from '../ops/progress.ts';
import { BareSignals } from './bare-signals.ts';
import { BenchMarket } from './bench-market.ts';
import { InstantBroker } from './instant-broker.ts';
import { registerAccounts } from './register-accounts.ts';
import { latency, median, percentile, throughput, type Row } from './row.ts';
import type { Servers } from './servers.ts';
import { fillLog } from './session-harness.ts';

const VENUE = 'bench';
const TICKER = 'EURUSD';
const FLOOR = 0.5;
const ACCOUNTS = 8;
const LANES = 32;
const WARM_UP = 20;
const RUNS = 3;
const SECONDS = 4;
const agent = new Agent({ keepAlive: true, maxSockets: LANES });
/** What is measured is no limit of ours. */
const UNBOUND = {
  ...{ REQUESTS_PER_SECOND: '10000', REQUESTS_BURST: '10000', ORDERS_PER_MINUTE: '100000', ORDERS_BURST: '10000' },
};

/** Who sends, for one strategy: entry and exit in turns. */
interface Lane {
  readonly url: string;
  readonly token: string;
  readonly strategy: string;
  position: string | null;
}

/** One signal, in milliseconds. */
interface Answered {
  readonly ms: number;
  /** Until its request might go to the broker; of a server that asks none: until it answered. */
  readonly dispatchedMs: number;
}

/**
 * Signals that come one after the other, and by many strategies at once, at a broker that does everything at once, in
 * turns with a bare server that keeps a row and asks somebody.
 */
export async function signals(servers: Servers, count: number): Promise<Row[]> {
  const dispatched = new Map<string, number>();
  const system = await SignalBench.open(servers, (position) => dispatched.set(position, performance.now()));
  const bare = await BareSignals.start(servers);
  try {
    const lanes = system.lanes;
    const bareLanes = lanes.map((lane): Lane => ({ ...lane, url: bare.url, position: null }));
    const send = (lane: Lane): Promise<Answered> => sendNext(lane, dispatched);
    const [one, bareOne] = [present(lanes[0], 'a lane'), present(bareLanes[0], 'a lane')];
    for (const lane of [...lanes, ...bareLanes]) for (let n = 0; n < WARM_UP; n += 1) await send(lane);

    const [ours, theirs]: [Answered[], Answered[]] = [[], []];
    const progress = progressOf('signals');
    for (let n = 0; n < count; n += 1) {
      ours.push(await send(one));
      theirs.push(await send(bareOne));
      progress.at(n + 1, count);
    }
    progress.end();
    const [rates, bareRates]: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run += 1) {
      rates.push(await perSecond(lanes, send));
      bareRates.push(await perSecond(bareLanes, send));
    }
    const limits = theirs.map(({ ms }) => ms);
    const row = (id: string, what: string, values: readonly number[], percent: number): Row =>
      latency({
        ...{ id, what: `${what}, p${percent}`, value: percentile(values, percent), unit: 'ms' },
        ...{ limit: percentile(limits, percent), floor: null },
      });
    const toBroker = ours.map(({ dispatchedMs }) => dispatchedMs);
    const toAnswer = ours.map(({ ms }) => ms);
    return [
      row('signals.dispatched', 'a signal until its request may go to the broker', toBroker, 50),
      row('signals.dispatched.p99', 'a signal until its request may go to the broker', toBroker, 99),
      row('signals.answered', 'a signal until its sender is told, at a broker that takes no time', toAnswer, 50),
      row('signals.answered.p99', 'a signal until its sender is told, at a broker that takes no time', toAnswer, 99),
      throughput({
        ...{ id: 'signals', what: `signals of ${LANES} strategies, beside a bare row and a question over NATS` },
        ...{ value: median(rates), limit: median(bareRates), unit: 'signals/s', floor: FLOOR },
      }),
    ];
  } finally {
    agent.destroy();
    await bare.stop();
    await system.close();
  }
}

async function perSecond(lanes: readonly Lane[], send: (lane: Lane) => Promise<Answered>): Promise<number> {
  const start = performance.now();
  const end = start + SECONDS * 1_000;
  let answered = 0;
  const run = async (lane: Lane): Promise<void> => {
    for (; performance.now() < end; answered += 1) await send(lane);
  };
  await Promise.all(lanes.map(run));
  return (answered / (performance.now() - start)) * 1_000;
}

async function sendNext(lane: Lane, dispatched: Map<string, number>): Promise<Answered> {
  const type = lane.position === null ? 'SIGNAL_OPEN' : 'SIGNAL_CLOSE';
  const proquantPositionId = (lane.position ??= newId());
  const data = { ticker: TICKER, quantity: 1_000, strategy: { id: lane.strategy, name: 'bench' }, proquantPositionId };
  const body = JSON.stringify(exampleDelivery({ type, timestamp: Date.now() }, data));
  const start = performance.now();
  await post(lane, body);
  const end = performance.now();
  const at = dispatched.get(proquantPositionId) ?? end;
  dispatched.delete(proquantPositionId);
  if (type === 'SIGNAL_CLOSE') lane.position = null;
  return { ms: end - start, dispatchedMs: at - start };
}

/** Throws for any answer but that all is well. */
function post({ url, token }: Lane, body: string): Promise<void> {
  const headers = {
    ...{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'x-proquant-token': token },
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', headers, agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`a signal was answered ${answer.statusCode} ${text}`)),
      );
    });
    asked.on('error', reject).end(body);
  });
}

/** A ledger and the webhook, a venue that is told by this process, and strategies of several accounts. */
class SignalBench {
  private constructor(
    private readonly apps: readonly AppProcess[],
    private readonly market: BenchMarket,
    private readonly broker: InstantBroker,
    readonly lanes: readonly Lane[],
  ) {}

  static async open(
    { databaseUrl, natsUrl, ports, logs }: Servers,
    onDispatched: (externalPositionId: string) => void,
  ): Promise<SignalBench> {
    await migrateEventLog(databaseUrl);
    const registry = await openRegistry({ url: databaseUrl, newId });
    await registry.close();
    const accounts = Array.from({ length: ACCOUNTS }, () => ({ id: newId(), traderId: newId() }));
    await fillLog(
      databaseUrl,
      accounts.flatMap(({ id: subject, traderId }) => [
        anEvent('AccountRegistered', { traderId, venue: VENUE, mode: 'demo' }, { id: newId(), subject }),
        anEvent('AccountUpdated', { currency: 'USD' }, { id: newId(), subject }),
      ]),
    );
    await registerAccounts(databaseUrl, VENUE, accounts);
    const port = await ports.claim('signals-port', 0);
    const lanes = await lanesOf(databaseUrl, accounts, port);
    const env = { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'warn' };
    const app = async (name: string, more: Record<string, string>): Promise<AppProcess> =>
      new AppProcess(
        { name, opsPort: await ports.claim(`signals-${name}`, 0), env: { ...env, ...more } },
        join(logs, `${name}.log`),
      );
    const apps = [await app('ledger', {}), await app('proquant-webhook', { ...UNBOUND, PORT: String(port) })];
    const market = await BenchMarket.open(natsUrl, VENUE, [TICKER]);
    const broker = await InstantBroker.open(natsUrl, onDispatched);
    const bench = new SignalBench(apps, market, broker, lanes);
    for (const each of apps) await each.start();
    await market.describe();
    market.tell(new Map([[TICKER, '1.1']]));
    return bench;
  }

  async close(): Promise<void> {
    for (const app of this.apps) await app.crash();
    await this.market.close();
    await this.broker.close();
  }
}

async function lanesOf(url: string, accounts: readonly { readonly id: string }[], port: number): Promise<Lane[]> {
  const registry = await openRegistry({ url, newId });
  try {
    const lanes: Lane[] = [];
    for (const { id } of accounts) {
      const { integration, token } = await registry.addIntegration(id, `bench-${id}`, {});
      const at = `http://127.0.0.1:${port}/proquant/v1/hooks/${integration.id}`;
      for (let n = 0; n < LANES / ACCOUNTS; n += 1) lanes.push({ url: at, token, strategy: `s${n}`, position: null });
    }
    return lanes;
  } finally {
    await registry.close();
  }
}
