import { anEvent } from '@core/contracts/examples.fixture';
import { present } from '@core/kernel/present';
import { newId } from '@core/service/clock';
import { BareServer } from './bare-server.ts';
import { load, requestBytes, type Loaded } from './http-load.ts';
import { PollHarness, type PolledAccount } from './poll-harness.ts';
import { RawPipeline } from './raw-pipeline.ts';
import { latency, median, percentile, throughput, type Row } from './row.ts';
import type { Servers } from './servers.ts';
import { tradingStreams } from './trading-streams.ts';

const RUNS = 3;
const SECONDS = 2;
const WARM_UP = 30_000;
const CONNECTIONS = [32, 256];
const CHANGES = 100;
const FLOOR = 0.7;
const MEMORY_MAX_MIB = 600;
const MIB = 2 ** 20;
const POLLED = {
  orders: (account: string) => `/accounts/${account}/orders?locale=en`,
  positions: (account: string) => `/accounts/${account}/positions?locale=en`,
  state: (account: string) => `/accounts/${account}/state?locale=en`,
  quotes: (account: string) => `/quotes?locale=en&accountId=${account}&symbols=EURUSD,GBPUSD,AUDUSD`,
} as const;
type Polled = keyof typeof POLLED;
const ROUTES: Readonly<Record<Polled, string>> = {
  orders: '/accounts/:accountId/orders',
  positions: '/accounts/:accountId/positions',
  state: '/accounts/:accountId/state',
  quotes: '/quotes',
};

/**
 * What open pages ask for several times a second, as logged-in traders, beside a bare server that sends the same bytes:
 * answers a second and how long one takes, what is not sent again, what so many accounts hold, and how soon a change is
 * there and told to every stream.
 */
export async function poll(servers: Servers, accounts: number, streamsOpen: number): Promise<Row[]> {
  const harness = await PollHarness.open(servers, accounts);
  try {
    await askAll(harness);
    const heldMib = (await harness.heldBytes()) / MIB;
    const rows = await besideBare(harness);
    rows.push(
      latency({
        id: 'tv.poll.memory',
        what: `what ${accounts.toLocaleString('en-US')} accounts with 10 orders and 5 positions hold, all polled`,
        ...{ value: heldMib, unit: 'MiB', limit: MEMORY_MAX_MIB, floor: 1 },
      }),
      await change(harness, servers),
      await tradingStreams(harness, streamsOpen),
    );
    return rows;
  } finally {
    await harness.close();
  }
}

/** Every answer of every account, once, as pages that open do. */
async function askAll({ port, accounts }: PollHarness): Promise<void> {
  for (const polled of ['orders', 'positions', 'state'] as const) {
    for (let from = 0; from < accounts.length; from += 500) {
      await load({ port, requests: requestsOf(polled, accounts.slice(from, from + 500)), status: 200, seconds: 0 });
    }
  }
}

async function besideBare(harness: PollHarness): Promise<Row[]> {
  const rows: Row[] = [];
  const bodies = await bodiesOf(harness);
  const bare = await BareServer.start(
    Object.fromEntries(Object.entries(ROUTES).map(([name, route]) => [route, bodies[name as Polled].body])),
  );
  try {
    const first = requestsOf('orders', spread(harness.accounts, 32));
    for (const { port } of [harness, bare]) {
      await warmUp(() => load({ port, requests: first, status: 200, seconds: SECONDS }));
    }
    for (const connections of CONNECTIONS) {
      const asking = spread(harness.accounts, connections);
      for (const polled of Object.keys(POLLED) as Polled[]) {
        const requests = requestsOf(polled, asking);
        const [ours, theirs] = await inTurns(
          () => load({ port: harness.port, requests, status: 200, seconds: SECONDS }),
          () => load({ port: bare.port, requests, status: 200, seconds: SECONDS }),
        );
        rows.push(...rowsOf(polled, connections, ours, theirs));
      }
    }
    const one = harness.accounts.slice(0, 1);
    const known = requestsOf('orders', repeat(one, 32), { 'if-none-match': bodies.orders.tag });
    const [ours, theirs] = await inTurns(
      () => load({ port: harness.port, requests: known, status: 304, seconds: SECONDS }),
      () => load({ port: bare.port, requests: known, status: 200, seconds: SECONDS }),
    );
    rows.push(
      throughput({
        id: 'tv.poll.unchanged',
        what: 'orders that the page has already (304), 32 connections, beside sending them',
        ...{ value: median(ours.map(({ perSecond }) => perSecond)), unit: 'answers/s' },
        ...{ limit: median(theirs.map(({ perSecond }) => perSecond)), floor: null },
      }),
    );
  } finally {
    await bare.stop();
  }
  return rows;
}

function rowsOf(polled: Polled, connections: number, ours: readonly Loaded[], bare: readonly Loaded[]): Row[] {
  const what = `${polled}, ${connections} connections, logged in, beside a bare server of the same bytes`;
  const rate = (runs: readonly Loaded[]): number => median(runs.map(({ perSecond }) => perSecond));
  const slowest = (runs: readonly Loaded[]): number => median(runs.map(({ latencies }) => percentile(latencies, 99)));
  return [
    throughput({
      id: `tv.poll.${polled}.${connections}`,
      ...{ what, value: rate(ours), unit: 'answers/s', limit: rate(bare), floor: FLOOR },
    }),
    latency({
      id: `tv.poll.${polled}.${connections}.p99`,
      ...{ what: `${what}, p99`, value: slowest(ours), unit: 'ms', limit: slowest(bare), floor: null },
    }),
  ];
}

/** From when a fact is sent to the ledger until the state is another one, beside one event through the bare pipeline. */
async function change(harness: PollHarness, servers: Servers): Promise<Row> {
  const { id: subject, token } = present(harness.accounts[0], 'there are accounts');
  const url = `http://127.0.0.1:${harness.port}${POLLED.state(subject)}`;
  const headers = { authorization: `Bearer ${token}` };
  let tag = (await fetch(url, { headers })).headers.get('etag') ?? '';
  const measured: number[] = [];
  for (let n = 0; n < CHANGES; n += 1) {
    const envelope = { id: newId(), subject, correlationid: newId() };
    const start = performance.now();
    await harness.state(anEvent('BalanceChanged', { balance: `${20_000 + n}` }, envelope));
    for (;;) {
      const answer = await fetch(url, { headers: { ...headers, 'if-none-match': tag } });
      await answer.arrayBuffer();
      if (answer.status === 304) continue;
      tag = answer.headers.get('etag') ?? '';
      break;
    }
    measured.push(performance.now() - start);
  }
  return latency({
    id: 'tv.poll.change.p99',
    what: 'from a fact to the first answer that has it (polled), p99',
    ...{ value: percentile(measured, 99), unit: 'ms', floor: null },
    limit: percentile(await RawPipeline.latencies(servers, CHANGES), 99),
  });
}

async function bodiesOf({ port, accounts }: PollHarness): Promise<Record<Polled, { body: string; tag: string }>> {
  const { id, token } = present(accounts[0], 'there are accounts');
  const entries = await Promise.all(
    Object.entries(POLLED).map(async ([name, path]) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path(id)}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return [name, { body: await answer.text(), tag: answer.headers.get('etag') ?? '' }] as const;
    }),
  );
  return Object.fromEntries(entries) as Record<Polled, { body: string; tag: string }>;
}

const requestsOf = (
  polled: Polled,
  accounts: readonly PolledAccount[],
  headers: Readonly<Record<string, string>> = {},
): Buffer[] =>
  accounts.map(({ id, token }) => requestBytes(POLLED[polled](id), { authorization: `Bearer ${token}`, ...headers }));

/** So many accounts of as many traders as there are. */
const spread = (accounts: readonly PolledAccount[], count: number): PolledAccount[] =>
  Array.from({ length: count }, (_, n) =>
    present(accounts[Math.floor((n * accounts.length) / count)], 'there are accounts'),
  );

const repeat = (accounts: readonly PolledAccount[], count: number): PolledAccount[] =>
  Array.from({ length: count }, (_, n) => present(accounts[n % accounts.length], 'there are accounts'));

/** One after the other and again, so that what else the machine does meets both alike. */
async function inTurns(
  ours: () => Promise<Loaded>,
  theirs: () => Promise<Loaded>,
): Promise<[ours: Loaded[], theirs: Loaded[]]> {
  const measured: [Loaded[], Loaded[]] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    const round = [await ours(), await theirs()] as const;
    round.forEach((loaded, n) => measured[n]?.push(loaded));
  }
  return measured;
}

/** Until its code has been compiled for what it does all the time. */
async function warmUp(ask: () => Promise<Loaded>): Promise<void> {
  for (let answered = 0; answered < WARM_UP;) answered += (await ask()).latencies.length;
}
