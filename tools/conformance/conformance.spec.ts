import type { BarColumns, BrokerOrder, BrokerPosition, BrokerState } from './broker-words.ts';
import { BrokenBroker, spoiled, type Damage } from './reference/broken-broker.fixture.ts';
import { DATA_TOKEN, LOGIN, OAUTH, REFERENCE_URL, ReferenceBroker } from './reference/reference-broker.fixture.ts';
import { runChecks } from './run-checks.ts';
import { EFFORTS, type RunOptions } from './run-options.ts';
import type { Wire, WireLine, WireRecording, WireRequest } from './wire.ts';

const options: RunOptions = {
  url: REFERENCE_URL,
  credentials: LOGIN,
  oauth: OAUTH,
  data: { url: REFERENCE_URL, authorization: `Bearer ${DATA_TOKEN}` },
  accounts: [],
  locales: ['en', 'de_DE'],
  staging: true,
  live: null,
  only: [],
  effort: EFFORTS.quick,
};

async function failing(wire: Wire, changed: Partial<RunOptions> = {}): Promise<Record<string, unknown>> {
  const results = await runChecks({ options: { ...options, ...changed }, wire, document: null });
  const bad = results.filter(({ verdict: { kind } }) => kind === 'failed' || kind === 'warned');
  return Object.fromEntries(bad.map(({ id, verdict }) => [id, 'faults' in verdict ? verdict.faults[0] : null]));
}

it('finds nothing in a broker that keeps every rule', async () => {
  expect(await failing(new ReferenceBroker())).toEqual({});
});

it.each<[string, Partial<RunOptions>, string]>([
  ['checks', { only: ['login', 'no-such'] }, '--only no-such'],
  ['accounts', { accounts: ['no-such'] }, '--accounts no-such'],
])('runs nothing where it is asked for %s that are not there', async (_, asked, why) => {
  await expect(failing(new ReferenceBroker(), asked)).rejects.toThrow(why);
});

const header =
  (name: string, value: string | null, when: (method: string, status: number) => boolean): Required<Damage>['answer'] =>
  (answer, { method }) => {
    if (!when(method, answer.status)) return answer;
    const { [name]: _gone, ...rest } = answer.headers;
    return { ...answer, headers: value === null ? rest : { ...rest, [name]: value } };
  };

const orders = (spoil: (list: BrokerOrder[], nth: number) => unknown) => ({
  answer: spoiled<BrokerOrder[]>('GET /orders', spoil),
});
const positions = (spoil: (list: BrokerPosition[], nth: number) => unknown) => ({
  answer: spoiled<BrokerPosition[]>('GET /positions', spoil),
});
const changed =
  (which: (order: BrokerOrder) => boolean, change: object) =>
  (list: BrokerOrder[]): unknown =>
    list.map((order) => (which(order) ? { ...order, ...change } : order));

const JSON_TYPE = { 'content-type': 'application/json' };
const OKAY = '{"s":"ok"}';
const NOTHING = '{"s":"ok","t":[],"o":[],"h":[],"l":[],"c":[],"v":[]}';
interface BarsAskedFor {
  readonly to: number;
  readonly daily: boolean;
}

const bars = (spoil: (columns: BarColumns, nth: number, asked: BarsAskedFor) => unknown): Damage => ({
  answer: spoiled<BarColumns>('GET /history', (columns, nth, { url }) => {
    const query = new URL(url).searchParams;
    return spoil(columns, nth, { to: Number(query.get('to')), daily: query.get('resolution') !== '1' });
  }),
});
const cut = (columns: BarColumns, change: (list: readonly number[]) => readonly number[]): BarColumns => ({
  ...columns,
  t: change(columns.t),
  o: change(columns.o),
  h: change(columns.h),
  l: change(columns.l),
  c: change(columns.c),
  v: change(columns.v),
});
const grown = (columns: BarColumns): BarColumns => ({
  ...cut(columns, (list) => [...list, list.at(-1) ?? 0]),
  t: [...columns.t, (columns.t.at(-1) ?? 0) + 86_400],
});
const recorded = (path: string, change: (recording: WireRecording) => Partial<WireRecording>): Damage => ({
  recording: (recording, { url }) =>
    new URL(url).pathname.endsWith(path) ? { ...recording, ...change(recording) } : recording,
});
const lines = (spoil: (message: Record<string, unknown>, nth: number) => unknown): Damage =>
  recorded('/streaming', (recording) => ({
    lines: recording.lines.map(({ atMs, text }, nth) => ({
      atMs,
      text: JSON.stringify(spoil(JSON.parse(text) as Record<string, unknown>, nth)),
    })),
  }));
const streams = (change: (said: readonly WireLine[]) => readonly WireLine[]): Damage =>
  recorded('/stream/orders', (recording) => ({ lines: change(recording.lines) }));

const isLimit = ({ type, parentId }: BrokerOrder): boolean => type === 'limit' && parentId === undefined;
const isCancelledStop = ({ type, parentId }: BrokerOrder): boolean => type === 'stop' && parentId === undefined;
const ofPosition = ({ parentType, status }: BrokerOrder): boolean => parentType === 'position' && status === 'working';

const broken: Record<string, [Damage, ...string[]]> = {
  'a null where a field should be absent': [orders(changed(isLimit, { avgPrice: null })), 'schema.getOrders'],
  'an extra field in a closed object': [
    { answer: spoiled<BrokerState>('GET /state', (state) => ({ ...state, leverage: 30 })) },
    'schema.getState',
  ],
  'a word that is none of the document': [orders(changed(isCancelledStop, { status: 'canceled' })), 'schema.getOrders'],
  'a number as an id': [
    { answer: spoiled<object[]>('GET /executions', (list) => list.map((each, index) => ({ ...each, id: index }))) },
    'schema.getExecutions',
  ],
  'an empty list where one must be absent': [
    { answer: spoiled<object>('GET /config', (config) => ({ ...config, orderCustomFields: [] })) },
    'schema.getConfiguration',
  ],
  'an origin of its own in every preflight': [
    { answer: header('access-control-allow-origin', 'https://www.tradingview.com', (method) => method === 'OPTIONS') },
    'cors.preflight',
  ],
  'any origin let in': [
    { answer: header('access-control-allow-origin', '*', (method) => method === 'OPTIONS') },
    ...['cors.preflight', 'cors.strangers'],
  ],
  'no DELETE in preflights': [
    { answer: header('access-control-allow-methods', 'GET, POST, PUT', (method) => method === 'OPTIONS') },
    'cors.preflight',
  ],
  'no CORS on a 401': [
    { answer: header('access-control-allow-origin', null, (_, status) => status === 401) },
    'access.strangers-in-browser',
  ],
  '403 for who is not known': [
    { answer: (answer) => (answer.status === 401 ? { ...answer, status: 403, headers: { ...answer.headers, ...JSON_TYPE } } : answer) }, // prettier-ignore
    ...['access.any-method', 'access.strangers', 'login.logout', 'transport.status'],
  ],
  'a look at the method before a look at who asks': [
    {
      answer: (answer, { method }) =>
        answer.status === 401 && method === 'PATCH' ? { ...answer, status: 405 } : answer,
    },
    'access.any-method',
  ],
  'another HTTP status for an error': [
    { answer: (answer) => (answer.body.includes('errmsg') ? { ...answer, status: 400 } : answer) },
    ...['login.wrong-password', 'transport.status'],
  ],
  'answers as plain text': [
    { answer: header('content-type', 'text/plain', (method, status) => method === 'GET' && status === 200) },
    'transport.content-type',
  ],
  'the same token for everybody': [
    { answer: spoiled<object>('POST /authorize', (granted) => ({ ...granted, access_token: 'token-1' })) },
    'login.different-tokens',
  ],
  'an expiration in milliseconds': [
    { answer: spoiled<object>('POST /authorize', (granted) => ({ ...granted, expiration: 1_767_787_200_000 })) },
    'login.token',
  ],
  'a token of OAuth 2.0 for whoever guesses': [
    {
      answer: (answer, { url }) =>
        url.includes('/oauth/') && answer.status === 400
          ? { ...answer, status: 200, body: '{"access_token":"token-9","token_type":"bearer"}' }
          : answer,
    },
    'login.oauth-strangers',
  ],
  'a refusal of OAuth 2.0 in the envelope': [
    {
      answer: (answer, { url }) =>
        url.includes('/oauth/') && answer.status === 400
          ? { ...answer, status: 200, body: '{"s":"error","errmsg":"no"}' }
          : answer,
    },
    'login.oauth-strangers',
  ],
  'one locale that fails': [
    {
      answer: (answer, { url }) =>
        url.includes('/instruments?locale=de_DE') ? { ...answer, body: '{"s":"error","errmsg":"no"}' } : answer,
    },
    'answers.getInstruments',
  ],
  'a summary row with a cell too few': [
    { answer: spoiled<BrokerState>('GET /state', (state) => ({ ...state, accountSummaryRowData: ['1'] })) },
    'configuration.summary-row',
  ],
  'a table without its last column': [
    { answer: spoiled<BrokerState>('GET /state', (state) => ({ ...state, amData: [[['1']]] })) },
    'configuration.account-manager',
  ],
  'an instrument that is not in the mapping': [
    {
      answer: spoiled<{ symbols: unknown[] }>('GET /mapping', (map) => ({ ...map, symbols: map.symbols.slice(1) })),
    },
    'market.mapping-covers',
  ],
  'a quote that is missing': [
    { answer: spoiled<unknown[]>('GET /quotes', (list) => list.slice(0, 1)) },
    'market.quotes',
  ],
  'bids that descend': [
    { answer: spoiled<object>('GET /depth', (depth) => ({ ...depth, bids: [[2, 1], [1, 1]] })) }, // prettier-ignore
    'market.depth',
  ],
  'a final order that vanishes': [
    orders((list, nth) => (nth > 9 ? list.filter((order) => !isCancelledStop(order)) : list)),
    'stability.orders-stay',
  ],
  'a working order that flaps': [
    orders((list, nth) => (nth % 3 === 0 ? list.filter((order) => !isLimit(order)) : list)),
    'stability.orders-stay',
  ],
  'a status that goes back': [
    orders((list, nth) => (nth > 9 ? changed(isCancelledStop, { status: 'working' })(list) : list)),
    'stability.no-way-back',
  ],
  'an id that is used again': [
    orders((list, nth) => (nth > 9 ? changed(isLimit, { side: 'sell' })(list) : list)),
    ...['orders.brackets', 'stability.ids-are-kept'],
  ],
  'an id twice in one list': [orders((list) => [...list, list.at(-1)]), 'orders.ids'],
  'trailingStopPips of 0': [orders(changed(isLimit, { trailingStopPips: 0 })), 'orders.prices'],
  'a bracket on the side of its parent': [orders(changed(ofPosition, { side: 'buy' })), 'orders.brackets'],
  'a bracket that hangs after its parent': [
    positions((list) => list.map((position) => ({ ...position, qty: 0 }))),
    ...['orders.brackets', 'agreement.open-profit'],
  ],
  'two stop losses of one parent': [
    orders((list) => [...list, { ...list.find((order) => ofPosition(order) && order.type === 'stop'), id: 'x' }]),
    'orders.one-bracket-of-a-kind',
  ],
  'a position that vanishes': [
    positions((list, nth) => (nth > 6 ? list.filter(({ qty }) => qty === 0) : list)),
    ...['orders.brackets', 'stability.positions-stay', 'agreement.open-profit'],
  ],
  'a poll that fails now and then': [
    {
      answer: (answer, { url }, nth) =>
        url.includes('/positions') && nth % 4 === 0 ? { ...answer, body: '{"s":"error","errmsg":"busy"}' } : answer,
    },
    'stability.polls-answer',
  ],
  'a profit that does not add up': [
    { answer: spoiled<BrokerState>('GET /state', (state) => ({ ...state, unrealizedPl: 7 })) },
    'agreement.open-profit',
  ],
  'a history that tells another price': [
    {
      answer: spoiled<BrokerOrder[]>(
        'GET /ordersHistory',
        changed(({ type }) => type === 'market', { avgPrice: 1 }),
      ),
    },
    'agreement.history',
  ],
  'a price scale that is no power of ten': [
    { answer: spoiled<object>('GET /symbol_info', (info) => ({ ...info, pricescale: [10, 250] })) },
    'symbols.fields',
  ],
  'a column with a row too few': [
    { answer: spoiled<object>('GET /symbol_info', (info) => ({ ...info, minmovement: [1] })) },
    'symbols.fields',
  ],
  'a group in capitals': [
    { answer: spoiled<object>('GET /groups', () => ({ groups: [{ id: 'broker_all' }, { id: 'broker_ALL' }] })) },
    ...['symbols.groups', 'symbols.of-groups'],
  ],
  'data for everybody': [
    { answer: (answer, { url }) => (url.includes('/groups') && answer.status === 401 ? { ...answer, status: 200, body: '{}' } : answer), // prettier-ignore
      recording: (recording, { url }) => (url.includes('/streaming') ? { ...recording, status: 200 } : recording) }, // prettier-ignore
    ...['access.any-method', 'access.streaming'],
  ],
  'a bar that changes': [
    bars((columns, nth) => ({ ...columns, h: columns.h.map((price) => price + (nth > 20 ? 1 : 0)) })),
    ...['history.countback', 'history.in-parts', 'history.unchanged'],
  ],
  'bounds that exclude the last bar': [
    bars((columns) => cut(columns, (list) => list.slice(0, -1))),
    ...[
      'history.bounds',
      'history.countback',
      'history.daily-prices',
      'history.from-equals-to',
      'history.in-parts',
      'history.unchanged',
    ],
  ],
  'bars of the future': [
    bars((columns, _, { to }) => (to > columns.t.at(-1)! + 3_600 ? grown(columns) : columns)),
    ...['history.daily', 'history.future', 'history.future-daily'],
  ],
  'daily bars at the opening': [
    bars((columns, _, { daily }) => (daily ? { ...columns, t: columns.t.map((t) => t - 7_200) } : columns)),
    ...['history.daily', 'history.daily-prices'],
  ],
  'a daily open that is no minute’s': [
    bars((columns, _, { daily }) => (daily ? { ...columns, o: columns.l } : columns)),
    'history.daily-prices',
  ],
  'an empty answer for a symbol that does not exist': [
    {
      answer: (answer, { url }) => (url.includes('NO_SUCH_SYMBOL&resolution') ? { ...answer, body: NOTHING } : answer),
    },
    'history.unknown-symbol',
  ],
  'times that go back in the stream': [
    lines((message) => (message['f'] === 't' && Number(message['t']) % 6 === 0 ? { ...message, t: 1 } : message)),
    ...['streaming.delay', 'streaming.delay-of-a-second', 'streaming.times'],
  ],
  'milliseconds in the stream': [
    lines((message) => ('t' in message ? { ...message, t: Number(message.t) * 1_000 } : message)),
    'schema.streaming',
  ],
  'trades of size 0': [lines((message) => ('s' in message ? { ...message, s: 0 } : message)), 'schema.streaming'],
  'an id that is no symbol': [
    lines((message, nth) => (nth === 9 ? { ...message, id: 'XXX' } : message)),
    'streaming.symbols',
  ],
  'a stream that ends': [
    recorded('/streaming', (recording) => ({ closedMs: recording.startedMs + 8_000 })),
    'streaming.stays-open',
  ],
  'a stream that is compressed': [
    recorded('/streaming', () => ({ headers: { 'content-encoding': 'gzip' } })),
    'streaming.header',
  ],
  'a stream without heartbeats and trades': [
    recorded('/streaming', (recording) => ({ lines: recording.lines.slice(0, 3) })),
    ...['streaming.daily', 'streaming.every-symbol', 'streaming.heartbeat'],
  ],
  'a logout that does nothing': [
    // Whoever it was is known still.
    {
      answer: (answer, { url }) =>
        url.includes('/accounts?') && answer.status === 401
          ? { status: 200, headers: { ...answer.headers, ...JSON_TYPE }, body: OKAY }
          : answer,
    },
    ...['access.any-method', 'access.strangers', 'login.logout', 'schema.getAccounts'],
  ],
  'a 304 that a browser may not read': [
    { answer: header('access-control-allow-origin', null, (_, status) => status === 304) },
    'answers.not-modified',
  ],
  'a preview with numbers for texts': [
    { answer: spoiled('POST /previewOrder', () => ({ sections: [{ rows: [{ title: 'Margin', value: 1 }] }] })) },
    'schema.previewOrder',
  ],
  'a trading stream that begins with a ping': [
    streams((said) => [{ atMs: said[0]?.atMs ?? 0, text: '{"s":"ok"}' }, ...said]),
    'trading-streams.snapshot',
  ],
  'a trading stream that falls silent': [streams((said) => said.slice(0, 1)), 'trading-streams.ping'],
  'a trading stream in two lines a message': [
    streams((said) => said.flatMap((line) => [{ ...line, text: '{' }, line]).slice(1)),
    ...['schema.streamOrders', 'trading-streams.lines'],
  ],
  'an execution that is not told': [
    { answer: spoiled<unknown[]>('GET /executions', (list) => list.slice(1)) },
    'agreement.executions',
  ],
};

it.each(Object.entries(broken))('finds %s', async (_, [damage, ...ids]) => {
  const found = await failing(new BrokenBroker(damage));
  expect(Object.keys(found).sort()).toEqual([...ids].sort());
});

const WRITES = ['POST', 'PUT', 'DELETE'];
const isWrite = ({ method, url }: WireRequest): boolean => WRITES.includes(method) && url.includes('/accounts/');

/** Shows every order once it was asked for twice. */
const lateOrders = (): Damage => {
  const known = new Set<string>();
  return orders((list, nth) => list.filter(({ id }) => known.has(id) || (known.add(id), nth === 1)));
};

const brokenLive: Record<string, [Damage, ...string[]]> = {
  'an order without a transaction': [
    { answer: spoiled<{ orderId: string }>('POST /orders', ({ orderId }) => ({ orderId })) },
    'live.latency',
  ],
  'a new order that is not in the next list': [lateOrders(), 'live.place'],
  'a removed bracket that is no more': [
    orders((list) => list.filter((order) => !(order.parentId !== undefined && order.status === 'cancelled'))),
    ...['live.remove-bracket', 'stability.orders-stay'],
  ],
  'brackets that keep their quantity': [
    orders(changed(({ parentType }) => parentType === 'position', { qty: 2 })),
    ...['agreement.history', 'live.partial-close', 'orders.brackets'],
  ],
  'a bracket that outlives its position': [
    orders(
      changed(({ parentType, status }) => parentType === 'position' && status === 'cancelled', { status: 'working' }),
    ),
    ...['live.clear', 'live.close', 'orders.brackets'],
  ],
  'a refusal by HTTP status': [
    { answer: (answer, request) => (isWrite(request) && answer.body.includes('errmsg') ? { ...answer, status: 400 } : answer) }, // prettier-ignore
    ...['live.refuse-cancel', 'transport.status'],
  ],
  'a refusal that is taken for a success': [
    { answer: (answer, request) => (isWrite(request) && answer.body.includes('errmsg') ? { ...answer, body: '{"s":"ok"}' } : answer) }, // prettier-ignore
    ...['live.refuse', 'live.refuse-cancel', 'schema.placeOrder'],
  ],
  'the same id for another order': [
    orders((list) => changed(({ id }) => Number(id.slice(1)) > 20, { id: 'o1' })(list)),
    ...[
      'agreement.executions',
      'agreement.history',
      'live.clear',
      'orders.ids',
      'stability.ids-are-kept',
      'stability.no-way-back',
    ],
  ],
  'a closed position that is not told': [
    positions((list) => list.filter(({ qty }) => qty > 0)),
    'stability.positions-stay',
  ],
  'an execution on the wrong side': [
    { answer: spoiled<object[]>('GET /executions', (list) => list.map((each) => ({ ...each, side: 'buy' }))) },
    ...['agreement.executions', 'live.clear'],
  ],
  'an order that is filled in the history alone': [
    orders((list) => changed(({ type, status }) => type === 'market' && status === 'filled', { status: 'working', filledQty: 0 })(list)), // prettier-ignore
    ...['live.clear', 'live.fill', 'live.reverse'],
  ],
};

describe('live', () => {
  const live = { instrument: null, qty: null };

  it('trades with a broker that keeps every rule, and leaves nothing', async () => {
    const broker = new ReferenceBroker();
    const wire = new BrokenBroker({}, broker);
    expect(await failing(wire, { live })).toEqual({});
    expect(wire.writes).toBeGreaterThan(10);
    expect(wire.writes).toBeLessThan(30);
    expect(broker.openInstruments).toEqual(['BTCUSD']);
  });

  it('never trades unless it is told to', async () => {
    const wire = new BrokenBroker({});
    await failing(wire);
    expect(wire.writes).toBe(0);
  });

  it('leaves nothing when it is stopped', async () => {
    const broker = new ReferenceBroker();
    const stopped = new AbortController();
    const heard = ({ id }: { readonly id: string }): void => void (id === 'live.fill' && stopped.abort());
    const traded = { ...options, live };
    const results = await runChecks({ options: traded, wire: broker, document: null, heard, stopped: stopped.signal });
    expect(results.at(-1)).toMatchObject({ id: 'live.clear', verdict: { kind: 'passed' } });
    expect(broker.openInstruments).toEqual(['BTCUSD']);
  });

  it.each(Object.entries(brokenLive))('finds %s', async (_, [damage, ...ids]) => {
    const found = await failing(new BrokenBroker(damage), { live });
    expect(Object.keys(found).sort()).toEqual([...ids].sort());
  });
});

describe('a login by OAuth 2.0', () => {
  const credentials = { oauth: OAUTH };

  it('is a login', async () => {
    expect(await failing(new ReferenceBroker(), { credentials })).toEqual({});
  });

  it.each<[string, Damage, ...string[]]>([
    ['an envelope', { answer: spoiled('POST /oauth/token', (d) => ({ s: 'ok', d })) }, 'login.token'],
    [
      'an old token that is refused at once',
      {
        answer: (answer, { url, headers }, nth) =>
          url.includes('/accounts?') && nth > 1 && headers['authorization'] === 'Bearer token-1'
            ? { ...answer, status: 401 }
            : answer,
      },
      'login.refresh',
    ],
  ])('finds %s', async (_, damage, ...ids) => {
    const found = await failing(new BrokenBroker(damage), { credentials });
    expect(Object.keys(found).filter((id) => id.startsWith('login.'))).toEqual(ids);
  });

  it('leaves no secret in a report', async () => {
    const damage = { answer: spoiled<object>('POST /authorize', (granted) => ({ ...granted, more: 1 })) };
    const found = await failing(new BrokenBroker(damage), {});
    expect(JSON.stringify(found)).toContain('expiration');
    expect(JSON.stringify(found)).not.toMatch(/token-\d|correct horse/);
  });
});

describe('a stream that is listened to for whole minutes', () => {
  const effort = { ...EFFORTS.quick, streamMs: 130_000 };

  it('is the history', async () => {
    expect(await failing(new ReferenceBroker(), { effort })).toEqual({});
  });

  it('is found not to be', async () => {
    const damage = lines((message) => (message['f'] === 't' ? { ...message, p: Number(message['p']) + 1 } : message));
    const found = await failing(new BrokenBroker(damage), { effort });
    expect(Object.keys(found)).toEqual(['streaming.equals-history']);
  });
});
