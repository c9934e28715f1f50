import type { BrokerSession } from '../broker-session.ts';
import { ORIGIN } from '../conformance-client.ts';
import type { ConformanceCheck } from '../conformance-check.ts';
import { OPERATION_NAMES, OPERATIONS, type OperationName } from '../operations.ts';
import { advised, judged, skipped, type Fault, type Verdict } from '../verdict.ts';

const TRADING: readonly OperationName[] = [
  ...(['getConfiguration', 'getAccounts', 'getInstruments', 'getState', 'getOrders', 'getQuotes'] as const),
];
const DATA = {
  getSymbolInfo: 'symbol-info',
  getGroups: 'groups',
  getHistory: 'history',
  streaming: 'streaming',
} as const;

/** Who asks without a token, or with one that was never given. */
const STRANGERS = [null, 'a-token-that-nobody-was-given'];

async function tradingRefusals(session: BrokerSession): Promise<{ readonly status: Fault[]; readonly cors: Fault[] }> {
  const account = (await session.accounts())[0];
  const asked = { params: { accountId: account?.id ?? 'x' }, query: { accountId: account?.id ?? 'x', symbols: 'X' } };
  const found = { status: [] as Fault[], cors: [] as Fault[] };
  for (const name of TRADING)
    for (const token of STRANGERS) {
      const needsQuery = name === 'getQuotes';
      const request = session.client.requestOf(name, { params: asked.params, token, ...(needsQuery && asked) });
      const at = `${name} ${token === null ? 'without a token' : 'with a token of nobody'}`;
      const { status, headers } = await session.client.send(request, at);
      if (status !== 401) found.status.push({ expected: 'HTTP 401', got: `HTTP ${status}`, at });
      const origin = headers['access-control-allow-origin'];
      if (origin !== ORIGIN)
        found.cors.push({ expected: `Access-Control-Allow-Origin ${ORIGIN}`, got: origin ?? 'none', at });
    }
  return found;
}

const refusals = (session: BrokerSession) => session.once('what strangers are told', () => tradingRefusals(session));

async function dataRefusal(session: BrokerSession, name: keyof typeof DATA): Promise<Verdict> {
  const { data } = session.options;
  if (data === null) return skipped('the broker has no data part');
  if (data.authorization === null) return skipped('the data part is public');
  const now = Math.floor(session.client.wire.nowMs() / 1_000);
  const history = { symbol: 'X', resolution: '1', from: String(now - 600), to: String(now) };
  const query = name === 'getHistory' ? history : {};
  const faults: Fault[] = [];
  for (const token of STRANGERS) {
    const at = `${name} ${token === null ? 'without a token' : 'with a token of nobody'}`;
    const { status } = await session.client.listen(name, 2_000, { token, query });
    if (status !== 401) faults.push({ expected: 'HTTP 401', got: `HTTP ${status}`, at });
  }
  return judged(faults);
}

const routeOf = (name: OperationName): readonly string[] => OPERATIONS[name].route.split(' ');

/**
 * One operation for each address that is not for everyone, with a method that the document does not give it, and that
 * changes nothing at a server which does not look who asks.
 */
const MISTAKEN = OPERATION_NAMES.flatMap((name) => {
  const sharing = OPERATION_NAMES.filter((other) => routeOf(other)[1] === routeOf(name)[1]);
  if (OPERATIONS[name].auth === 'none' || sharing[0] !== name) return [];
  return [{ name, method: sharing.some((other) => routeOf(other)[0] === 'GET') ? 'PATCH' : 'GET' }];
});

const ANYONE = { accountId: 'x', orderId: 'x', positionId: 'x', netPositionId: 'x', individualPositionId: 'x' };

async function mistakenRefusals(session: BrokerSession): Promise<Verdict> {
  const isAsked = ({ name }: (typeof MISTAKEN)[number]): boolean =>
    OPERATIONS[name].auth === 'trader' || (session.options.data?.authorization ?? null) !== null;
  const asked = MISTAKEN.filter(isAsked);
  const faults: Fault[] = [];
  for (const { name, method } of asked) {
    const { url, headers } = session.client.requestOf(name, { params: ANYONE, token: null });
    const at = `${method} ${routeOf(name)[1]} without a token`;
    const { status } = await session.client.send({ method, url, headers }, at);
    if (status !== 401) faults.push({ expected: 'HTTP 401', got: `HTTP ${status}`, at });
  }
  return advised(faults, `${asked.length} addresses`);
}

export const accessChecks: readonly ConformanceCheck[] = [
  {
    id: 'access.strangers',
    title: 'Who is not logged in is told so by HTTP 401',
    why: 'It is how TradingView knows that it must ask for the login again.',
    run: async (session) => {
      const { status } = await refusals(session);
      return judged(status, `${TRADING.length} operations`);
    },
  },
  {
    id: 'access.strangers-in-browser',
    title: 'A browser may read a 401',
    why: 'Without the CORS header it shows as "Failed to fetch", and the login never appears.',
    run: async (session) => judged((await refusals(session)).cors),
  },
  {
    id: 'access.any-method',
    title: 'Who is not logged in hears 401 by whatever method',
    why: 'A server that looks at the request first tells strangers what it has, and answers what no browser may read.',
    run: mistakenRefusals,
  },
  ...(Object.keys(DATA) as (keyof typeof DATA)[]).map((name) => ({
    id: `access.${DATA[name]}`,
    title: `${name} refuses who has no token by HTTP 401`,
    why: "TradingView's data tests ask for it at each of these addresses.",
    run: (session: BrokerSession) => dataRefusal(session, name),
  })),
];
