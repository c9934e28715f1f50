import { present } from '@core/kernel/present';
import { progressOf } from '../ops/progress.ts';
import { BareServer, type BareAnswer } from './bare-server.ts';
import { besideBare, warmUp } from './beside-bare.ts';
import { load, requestBytes } from './http-load.ts';
import { PollHarness, type PolledAccount } from './poll-harness.ts';
import { latency, type Row } from './row.ts';
import type { Servers } from './servers.ts';
import { toldChange } from './told-change.ts';
import { tradingStreams } from './trading-streams.ts';

const CONNECTIONS = [32, 256];
const FLOOR = 0.7;
const MEMORY_MAX_MIB = 600;
const MIB = 2 ** 20;
const ASKED_AT_ONCE = 500;
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
    await harness.saved();
    const heldMib = (await harness.heldBytes()) / MIB;
    const rows = await polled(harness);
    rows.push(
      latency({
        id: 'tv.poll.memory',
        what: `what ${accounts.toLocaleString('en-US')} accounts with 10 orders and 5 positions hold, all polled`,
        ...{ value: heldMib, unit: 'MiB', limit: MEMORY_MAX_MIB, floor: 1 },
      }),
      await toldChange(harness, servers),
      ...(await tradingStreams(harness, streamsOpen)),
    );
    return rows;
  } finally {
    await harness.close();
  }
}

/** Every answer of every account, once, as pages that open do. */
async function askAll({ port, accounts }: PollHarness): Promise<void> {
  const progress = progressOf('first answers');
  let answered = 0;
  for (const name of ['orders', 'positions', 'state'] as const) {
    for (let from = 0; from < accounts.length; from += ASKED_AT_ONCE) {
      const requests = requestsOf(name, accounts.slice(from, from + ASKED_AT_ONCE));
      await load({ port, requests, status: 200, seconds: 0 });
      progress.at((answered += requests.length), accounts.length * 3);
    }
  }
  progress.end();
}

async function polled(harness: PollHarness): Promise<Row[]> {
  const answers = await answersOf(harness);
  const bare = await BareServer.start(
    Object.fromEntries(Object.entries(answers).map(([name, answer]) => [ROUTES[name as Polled], answer])),
  );
  try {
    const rows: Row[] = [];
    for (const server of [harness, bare]) await warmUp(server, requestsOf('orders', spread(harness.accounts, 32)));
    for (const connections of CONNECTIONS) {
      for (const name of Object.keys(POLLED) as Polled[]) {
        const requests = requestsOf(name, spread(harness.accounts, connections));
        const what = `${name}, ${connections} connections, logged in`;
        const asked = { id: `tv.poll.${name}.${connections}`, what, requests, status: 200, floor: FLOOR };
        rows.push(...(await besideBare(harness, bare, asked)));
      }
      const one = present(harness.accounts[0], 'there are accounts');
      const known = { 'if-none-match': answers.orders.tag };
      const requests = requestsOf('orders', Array<PolledAccount>(connections).fill(one), known);
      const what = `orders that the page has already (304), ${connections} connections`;
      const asked = { id: `tv.poll.unchanged.${connections}`, what, requests, status: 304, floor: null };
      rows.push(...(await besideBare(harness, bare, asked)));
    }
    return rows;
  } finally {
    await bare.stop();
  }
}

async function answersOf({ port, accounts }: PollHarness): Promise<Record<Polled, Required<BareAnswer>>> {
  const { id, token } = present(accounts[0], 'there are accounts');
  const entries = await Promise.all(
    Object.entries(POLLED).map(async ([name, path]) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`http://127.0.0.1:${port}${path(id)}`, { headers });
      return [name, { body: await answer.text(), tag: answer.headers.get('etag') ?? '' }] as const;
    }),
  );
  return Object.fromEntries(entries) as Record<Polled, Required<BareAnswer>>;
}

const requestsOf = (
  name: Polled,
  accounts: readonly PolledAccount[],
  headers: Readonly<Record<string, string>> = {},
): Buffer[] =>
  accounts.map(({ id, token }) => requestBytes(POLLED[name](id), { authorization: `Bearer ${token}`, ...headers }));

/** So many accounts of as many traders as there are. */
const spread = (accounts: readonly PolledAccount[], count: number): PolledAccount[] =>
  Array.from({ length: count }, (_, n) =>
    present(accounts[Math.floor((n * accounts.length) / count)], 'there are accounts'),
  );
