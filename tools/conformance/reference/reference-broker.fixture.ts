import type { Wire, WireAnswer, WireLine, WireRecording, WireRequest } from '../wire.ts';
import { isFinal, ReferenceBook, type BookedOrder, type Ticket } from './reference-book.fixture.ts';
import { DAY } from '../rules/bar-rules.ts';
import { askOf, barsIn, bidOf, dayOf, SYMBOLS, tickOf, type ReferenceSymbol } from './reference-market.fixture.ts';
import { VirtualClock } from './virtual-clock.fixture.ts';

export const REFERENCE_URL = 'https://broker.example';
export const LOGIN = { login: 'ada', password: 'correct horse' };
export const OAUTH = {
  ...{ tokenUrl: `${REFERENCE_URL}/oauth/token`, clientId: 'tradingview', clientSecret: 'secret' },
  ...{ code: 'the-code', redirectUri: 'https://www.tradingview.com/trading/oauth-redirect/broker/' },
};
export const DATA_TOKEN = 'data-token';
/** A Wednesday. */
const START_MS = Date.UTC(2026, 0, 7, 12, 0, 30);
const TRADINGVIEW = /^https:\/\/([a-z0-9-]+\.)*(tradingview\.com|xstaging\.tv)$|^https?:\/\/localhost:6285$/;

const ON = [
  ...['Positions', 'Multiposition', 'ClosePosition', 'PartialClosePosition', 'MarketOrders', 'LimitOrders'],
  ...['StopOrders', 'OrderBrackets', 'PositionBrackets', 'MarketBrackets', 'ModifyBrackets', 'ReversePosition'],
  ...['NativeReversePosition', 'OrdersHistory', 'Executions', 'PLUpdate', 'Level2Data', 'DOM', 'ModifyOrderPrice'],
  ...['EditAmount', 'CustomAccountSummaryRow', 'AddBracketsToExistingOrder'],
  ...['Logout', 'TrackLatency', 'PlaceOrderPreview'],
];

class ErrorAnswer extends Error {}
class RefusedGrant extends Error {}

interface Call {
  readonly method: string;
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
}

const column = (id: string) => ({ id, title: id });
const numberIn = (form: URLSearchParams, name: string): number | undefined =>
  form.has(name) ? Number(form.get(name)) : undefined;

/** A small broker that keeps every rule, on a clock of its own: what the suite is proved with. */
export class ReferenceBroker implements Wire {
  readonly clock = new VirtualClock(START_MS);
  private readonly requests = new Map<string, string>();
  private logins = 0;
  private readonly tokens = new Set<string>();
  private readonly book = new ReferenceBook(() => this.second());

  constructor() {
    const [bitcoin] = SYMBOLS as readonly [ReferenceSymbol];
    const at = { instrument: 'BTCUSD', side: 'buy', qty: 2 };
    const price = askOf(bitcoin, this.second());
    this.book.place({ ...at, type: 'limit', limitPrice: 30_000, stopLoss: 29_000, takeProfit: 31_000 }, price);
    this.book.place({ ...at, type: 'market', stopLoss: 30_000, takeProfit: 90_000 }, price);
    this.book.cancel(this.book.place({ ...at, type: 'stop', stopPrice: 80_000 }, price));
    const closed = this.book.place({ ...at, type: 'market' }, price);
    const position = this.book.positions.find(({ id }) => this.openedBy(closed) === id);
    if (position) this.book.close(position, 2, bidOf(bitcoin, this.second()));
  }

  get openInstruments(): readonly string[] {
    const alive = [
      ...this.book.orders.filter((order) => !isFinal(order)),
      ...this.book.positions.filter(({ qty }) => qty > 0),
    ];
    return [...new Set(alive.map(({ instrument }) => instrument))];
  }

  nowMs(): number {
    return this.clock.nowMs;
  }

  wait(ms: number): Promise<void> {
    return this.clock.wait(ms);
  }

  async send(request: WireRequest): Promise<WireAnswer> {
    const headers = this.headersFor(request);
    if (request.method === 'OPTIONS') return { status: 204, headers: { ...headers, ...PREFLIGHT }, body: '' };
    const url = new URL(request.url);
    const form = new URLSearchParams(request.body ?? '');
    const call = { method: request.method, parts: partsOf(url), query: url.searchParams, form };
    if (!this.isKnown(request, call)) return { status: 401, headers, body: '' };
    const json = { ...headers, 'content-type': 'application/json' };
    try {
      return tagged(JSON.stringify(this.answer(call, request)), json, request);
    } catch (error) {
      if (error instanceof RefusedGrant) return { status: 400, headers: json, body: '{"error":"invalid_grant"}' };
      if (!(error instanceof ErrorAnswer)) throw error;
      return { status: 200, headers: json, body: JSON.stringify({ s: 'error', errmsg: error.message }) };
    }
  }

  async listen(request: WireRequest, forMs: number): Promise<WireRecording> {
    const url = new URL(request.url);
    const call = { method: 'GET', parts: partsOf(url), query: url.searchParams, form: new URLSearchParams() };
    const startedMs = this.nowMs();
    if (!this.isKnown(request, call)) return { status: 401, headers: {}, startedMs, lines: [], closedMs: startedMs };
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    if (call.parts[0] !== 'streaming') {
      const first = await this.send({ ...request, url: request.url.replace('/stream/', '/') });
      const text = JSON.stringify((JSON.parse(first.body) as { d: unknown }).d);
      const lines = [
        { atMs: startedMs, text },
        { atMs: startedMs + 5_000, text: '{"s":"ok"}' },
      ];
      await this.wait(forMs);
      return { status: 200, headers, startedMs, lines };
    }
    await this.wait(forMs);
    return { status: 200, headers, startedMs, lines: streamLines(startedMs, startedMs + forMs) };
  }

  private second(): number {
    return Math.floor(this.clock.nowMs / 1_000);
  }

  private headersFor({ headers }: WireRequest): Record<string, string> {
    const { origin } = headers;
    const allowed = origin !== undefined && TRADINGVIEW.test(origin);
    return { vary: 'Origin', ...(allowed && { 'access-control-allow-origin': origin }) };
  }

  private isKnown(request: WireRequest, { parts: [first = ''] }: Call): boolean {
    if (['authorize', 'mapping', 'oauth'].includes(first)) return true;
    const token = tokenOf(request);
    return DATA.includes(first) ? token === DATA_TOKEN : this.tokens.has(token);
  }

  private answer(call: Call, request: WireRequest): unknown {
    const { method, parts, query } = call;
    const [first = ''] = parts;
    if (first === 'mapping') return { symbols: SYMBOLS.map(mappingOf), fields: ['brokerSymbol'] };
    if (first === 'symbol_info') return symbolInfo();
    if (first === 'oauth') return this.oauth(call.form);
    if (first === 'logout') {
      this.tokens.delete(tokenOf(request));
      return { s: 'ok' };
    }
    if (first === 'history') return this.history(query);
    return { s: 'ok', d: parts[0] === 'accounts' && parts.length > 1 ? this.account(call) : this.broker(call, method) };
  }

  private broker({ parts: [first], query, form }: Call, method: string): unknown {
    switch (`${method} ${first}`) {
      case 'POST authorize':
        return this.authorize(form);
      case 'GET config':
        return CONFIG;
      case 'GET accounts':
        return [{ id: 'A1', name: 'Ada', type: 'demo', currency: 'USD', config: FLAGS }];
      case 'GET quotes':
        return this.quotes((query.get('symbols') ?? '').split(','));
      case 'GET depth': {
        const symbol = symbolNamed(query.get('symbol'));
        const [bid, ask] = [bidOf(symbol, this.second()), askOf(symbol, this.second())];
        return { asks: [[ask, 1]], bids: [[bid, 1]] };
      }
      case 'GET groups':
        return { groups: [{ id: 'broker_all' }] };
      case 'GET permissions':
        return { groups: ['broker_all'] };
      default:
        throw new ErrorAnswer('There is nothing at this address.');
    }
  }

  private account({ method, parts: [, account, list = '', id = ''], query, form }: Call): unknown {
    if (account !== 'A1') throw new ErrorAnswer('There is no such account.');
    const { book } = this;
    switch (`${method} ${list}`) {
      case 'GET instruments':
        return SYMBOLS.map(instrumentOf);
      case 'GET state':
        return this.state();
      case 'GET orders':
        return book.orders;
      case 'GET ordersHistory':
        return book.orders.filter(isFinal);
      case 'GET positions':
        return this.positions();
      case 'GET executions':
        return book.executions.filter(({ instrument }) => instrument === query.get('instrument'));
      case 'POST orders':
        return { orderId: this.placed(form, query.get('requestId')), transactionId: 't' };
      case 'POST previewOrder':
        return { sections: [{ rows: [{ title: 'Margin', value: '1.00' }] }] };
      case 'POST trackLatency':
        return undefined;
      case 'PUT orders':
        book.modify(this.open(id), ticketOf(form));
        return {};
      case 'DELETE orders':
        book.cancel(this.open(id));
        return {};
      case 'PUT positions':
        this.changePosition(id, form);
        return {};
      case 'DELETE positions': {
        const position = this.position(id);
        const amount = numberIn(form, 'amount') ?? position.qty;
        if (amount > position.qty) throw new ErrorAnswer('That is more than the position has.');
        book.close(position, amount, this.price(position.instrument, position.side === 'buy' ? 'sell' : 'buy'));
        return {};
      }
      default:
        throw new ErrorAnswer('There is nothing at this address.');
    }
  }

  private oauth(form: URLSearchParams): unknown {
    const code = form.get('grant_type') === 'authorization_code' ? form.get('code') : form.get('refresh_token');
    if (code !== OAUTH.code || form.get('client_secret') !== OAUTH.clientSecret) throw new RefusedGrant();
    return { access_token: this.newToken(), token_type: 'bearer', expires_in: 1_800, refresh_token: OAUTH.code };
  }

  private authorize(form: URLSearchParams): unknown {
    if (form.get('login') !== LOGIN.login || form.get('password') !== LOGIN.password)
      throw new ErrorAnswer('Login or password is wrong.');
    return { access_token: this.newToken(), expiration: this.second() + 1_800 };
  }

  private newToken(): string {
    this.logins += 1;
    const token = `token-${this.logins}`;
    this.tokens.add(token);
    return token;
  }

  private quotes(names: readonly string[]): unknown {
    const found = SYMBOLS.filter(({ name }) => names.includes(name));
    if (found.length === 0) throw new ErrorAnswer('There is no such symbol.');
    return found.map((symbol) => ({
      s: 'ok',
      n: symbol.name,
      v: { bid: bidOf(symbol, this.second()), ask: askOf(symbol, this.second()) },
    }));
  }

  private positions() {
    return this.book.positions.map((position) => {
      const price = this.price(position.instrument, position.side === 'buy' ? 'sell' : 'buy');
      const gain = (price - position.avgPrice) * position.qty * (position.side === 'buy' ? 1 : -1);
      return { ...position, unrealizedPl: Number(gain.toFixed(2)) };
    });
  }

  private state() {
    const unrealizedPl = this.positions().reduce((total, position) => total + position.unrealizedPl, 0);
    const cells = ['10000.00', unrealizedPl.toFixed(2)];
    const figures = { balance: 10_000, unrealizedPl, equity: 10_000 + unrealizedPl };
    return { ...figures, accountSummaryRowData: cells, amData: [[cells]] };
  }

  private placed(form: URLSearchParams, requestId: string | null): string {
    const known = requestId === null ? undefined : this.requests.get(requestId);
    if (known !== undefined) return known;
    const { id } = this.place(form);
    if (requestId !== null) this.requests.set(requestId, id);
    return id;
  }

  private place(form: URLSearchParams): BookedOrder {
    const ticket = ticketOf(form);
    if (!(ticket.qty >= 1 && ticket.qty <= 100)) throw new ErrorAnswer('The quantity is out of range.');
    return this.book.place(ticket, this.price(ticket.instrument, ticket.side));
  }

  private changePosition(id: string, form: URLSearchParams): void {
    const position = this.position(id);
    if (form.has('side')) this.book.reverse(position, this.price(position.instrument, String(form.get('side'))));
    else this.book.setPositionBrackets(position, numberIn(form, 'stopLoss'), numberIn(form, 'takeProfit'));
  }

  private price(instrument: string, side: string): number {
    const symbol = symbolNamed(instrument);
    return side === 'buy' ? askOf(symbol, this.second()) : bidOf(symbol, this.second());
  }

  private open(id: string): BookedOrder {
    const order = this.book.orders.find((each) => each.id === id);
    if (!order) throw new ErrorAnswer('There is no such order.');
    if (isFinal(order)) throw new ErrorAnswer('It is too late.');
    return order;
  }

  private position(id: string) {
    const position = this.book.positions.find((each) => each.id === id && each.qty > 0);
    if (!position) throw new ErrorAnswer('There is no such position.');
    return position;
  }

  private openedBy({ id }: BookedOrder): string | undefined {
    return (this.book.executions.find(({ orderId }) => orderId === id) as { positionId?: string } | undefined)
      ?.positionId;
  }

  private history(query: URLSearchParams): unknown {
    const symbol = symbolNamed(query.get('symbol'));
    const now = this.second();
    const daily = query.get('resolution') !== '1';
    const [from, to] = [Number(query.get('from')), Number(query.get('to'))];
    const countback = Number(query.get('countback') ?? 0);
    const earliest = now - 3 * DAY;
    const all = barsIn(symbol, daily, Math.max(earliest, countback > 0 ? earliest : from), to, now);
    const bars = countback > 0 ? all.slice(-countback) : all;
    const of = (name: 't' | 'o' | 'h' | 'l' | 'c' | 'v') => bars.map((bar) => bar[name]);
    return { s: 'ok', t: of('t'), o: of('o'), h: of('h'), l: of('l'), c: of('c'), v: of('v') };
  }
}

const tokenOf = ({ headers }: WireRequest): string => /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';

/** Lists of orders have a tag, and who has it gets no body. */
function tagged(body: string, headers: Record<string, string>, { url, headers: asked }: WireRequest): WireAnswer {
  if (!new URL(url).pathname.endsWith('/orders')) return { status: 200, headers, body };
  const etag = `"${body.length}"`;
  const isKnown = asked['if-none-match'] === etag;
  return { status: isKnown ? 304 : 200, headers: { ...headers, etag }, body: isKnown ? '' : body };
}

const DATA = ['symbol_info', 'history', 'groups', 'streaming'];
const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers': 'Authorization, Content-Type',
  'access-control-max-age': '7200',
};
const FLAGS = Object.fromEntries(ON.map((name) => [`support${name}`, true]));
const CONFIG = {
  accountSummaryRow: [column('balance'), column('profit')],
  accountManager: [{ id: 'money', columns: [column('balance'), column('profit')] }],
  durations: [{ id: 'gtc', title: 'Until cancelled', default: true }],
  pullingInterval: { quotes: 500, orders: 500, positions: 1_000, accountManager: 1_000 },
};

const partsOf = ({ pathname }: URL): readonly string[] => pathname.split('/').slice(1).map(decodeURIComponent);
const mappingOf = ({ name }: ReferenceSymbol) => ({ f: [name], s: `BROKER:${name}` });

function symbolNamed(name: string | null): ReferenceSymbol {
  const symbol = SYMBOLS.find((each) => each.name === name);
  if (!symbol) throw new ErrorAnswer('There is no such symbol.');
  return symbol;
}

const instrumentOf = (symbol: ReferenceSymbol) => ({
  name: symbol.name,
  description: symbol.name,
  minTick: tickOf(symbol),
  pipSize: tickOf(symbol) * 10,
  pipValue: tickOf(symbol) * 10,
  minQty: 1,
  maxQty: 100,
  qtyStep: 1,
  type: symbol.name === 'EURUSD' ? 'forex' : 'spot',
});

function ticketOf(form: URLSearchParams): Ticket {
  const prices = ['limitPrice', 'stopPrice', 'stopLoss', 'takeProfit'] as const;
  const given = prices.map((name) => [name, numberIn(form, name)] as const).filter(([, value]) => value !== undefined);
  return {
    instrument: form.get('instrument') ?? '',
    side: form.get('side') ?? '',
    type: form.get('type') ?? '',
    qty: numberIn(form, 'qty') ?? Number.NaN,
    ...(Object.fromEntries(given) as Partial<Ticket>),
  };
}

function symbolInfo() {
  const each = <Value>(of: (symbol: ReferenceSymbol) => Value): Value[] => SYMBOLS.map(of);
  return {
    s: 'ok',
    symbol: each(({ name }) => name),
    ticker: each(({ name }) => name),
    description: each(({ name }) => name),
    currency: each(() => 'USD'),
    'base-currency': each(({ name }) => name.slice(0, 3)),
    'exchange-listed': each(() => 'BROKER'),
    'exchange-traded': each(() => 'BROKER'),
    minmovement: each(() => 1),
    minmovement2: each(() => 10),
    pricescale: each(({ digits }) => 10 ** digits),
    timezone: each(() => 'Etc/UTC'),
    type: each(({ name }) => (name === 'EURUSD' ? 'forex' : 'spot')),
    typespecs: each(({ name }) => (name === 'EURUSD' ? 'cfd' : 'crypto')),
    'volume-type': each(() => 'tick'),
    'session-regular': each(({ session }) => session),
    'has-daily': each(() => true),
    'bar-source': each(() => 'bid'),
  };
}

/** A trade and a quote of every symbol each second, a heartbeat every five. */
function streamLines(fromMs: number, toMs: number): readonly WireLine[] {
  const lines: WireLine[] = [];
  for (let t = Math.ceil(fromMs / 1_000); t * 1_000 < toMs; t += 1) {
    const say = (message: object): void => void lines.push({ atMs: t * 1_000 + 100, text: JSON.stringify(message) });
    for (const symbol of SYMBOLS.filter(({ isOpen }) => isOpen(t))) {
      const [bid, ask] = [bidOf(symbol, t), askOf(symbol, t)];
      say({ f: 't', id: symbol.name, p: bid, s: 1, t });
      say({ f: 'q', id: symbol.name, t, bp: bid, bs: 1, ap: ask, as: 1 });
    }
    if (t % 5 === 0) say({ heartbeat: t });
    if (t % 5 === 0) for (const symbol of SYMBOLS) say({ f: 'd', id: symbol.name, ...dayOf(symbol, t - (t % DAY), t) });
  }
  return lines;
}
