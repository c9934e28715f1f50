// The real module around memory ports, and clients on real sockets: for the specs beside it.
import { MarketView } from '@core/bus/market-view';
import { exampleNow } from '@core/contracts/command-examples.fixture';
import type { Event, RecordedEvent } from '@core/contracts/event';
import { exampleId } from '@core/contracts/examples.fixture';
import type { FeedBatch } from '@core/contracts/feed';
import type { MarketSnapshot } from '@core/contracts/market/quote';
import { LogSubscription } from '@core/edge/log-subscription';
import { RegistryNews } from '@core/edge/registry-news';
import { MemoryEventLog } from '@core/event-log/memory-event-log';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import type { AccessKey } from '@core/registry/entities';
import { openUntilMs } from '@core/registry/key-life';
import { hashOf } from '@core/registry/tokens';
import { ServerFrame } from '@core/ws-session/message-catalogue';
import { EdgeHarness } from '@core/testing/edge-harness';
import type { LogLines } from '@core/testing/log-lines';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { until } from '@core/testing/until';
import type { Type } from '@nestjs/common';
import { WebSocket } from 'ws';
import { KeyStore } from './connection/admission.ts';
import { SessionLeases, type SessionLease } from './connection/session-leases.ts';
import { KeptBooks, type KeptBook } from './log/kept-books.ts';
import { TokenBuckets } from '@core/kernel/token-bucket';
import { OrderRates, type OrderRate } from './trading/order-rates.ts';
import { SteadyClock } from './connection/steady-clock.ts';
import { wsSession } from './ws-session.ts';

/** Events of specs are recorded in their own time. */
const LONG_AGO_MS = String(5 * 365 * 24 * 3_600_000);

/** Keys in memory; may be told to fail, or never to answer. */
class MemoryKeys extends KeyStore {
  readonly bySecret = new Map<string, AccessKey>();
  mood: 'well' | 'down' | 'silent' = 'well';

  add(secret: string, key: Partial<AccessKey> = {}): AccessKey {
    const id = exampleId(0xe40 + this.bySecret.size);
    const whole: AccessKey = {
      ...{ id, cell: '', name: secret, secretHash: hashOf(secret), previousHash: null, previousUntil: null },
      ...{ traderIds: null, accountIds: null, prices: false, trade: false },
      ...{ expiresAt: null, sessionsMax: null, messagesPerSecond: null, revoked: false, ...key },
    };
    this.bySecret.set(secret, whole);
    return whole;
  }

  change({ name }: AccessKey, to: Partial<AccessKey>): void {
    const key = this.bySecret.get(name);
    if (key) this.bySecret.set(name, { ...key, ...to });
  }

  override async find(secret: string): Promise<AccessKey | null> {
    this.requireUp();
    if (this.mood === 'silent') return new Promise(() => undefined);
    const hash = hashOf(secret);
    return [...this.bySecret.values()].find((key) => key.cell === '' && openUntilMs(key, hash) > Date.now()) ?? null;
  }

  /** The cell without a name is this one. */
  override readonly cells = {
    cellOfKey: async (secret: string): Promise<string | null> => this.bySecret.get(secret)?.cell || null,
  };

  override async formerOf(secret: string): Promise<AccessKey | null> {
    const hash = hashOf(secret);
    return [...this.bySecret.values()].find((key) => [key.secretHash, key.previousHash].includes(hash)) ?? null;
  }

  override async all(): Promise<readonly AccessKey[]> {
    this.requireUp();
    return [...this.bySecret.values()].filter(({ cell }) => cell === '');
  }

  private requireUp(): void {
    if (this.mood === 'down') throw new Error('the store is down');
  }
}

/** Time passes as it does, and further when it is told to. */
class ElasticClock extends SteadyClock {
  ahead = 0;

  override now(): number {
    return super.now() + this.ahead;
  }

  override today(): number {
    return super.today() + this.ahead;
  }
}

/** The leases of instances that share this. */
export class MemoryLeases extends SessionLeases {
  private readonly keys = new Map<Uuid, Uuid>();

  override async take({ sessionId, keyId }: SessionLease, sessionsMax: number): Promise<boolean> {
    if ([...this.keys.values()].filter((each) => each === keyId).length >= sessionsMax) return false;
    this.keys.set(sessionId, keyId);
    return true;
  }

  override async renew(leases: readonly SessionLease[]): Promise<void> {
    for (const { sessionId, keyId } of leases) this.keys.set(sessionId, keyId);
  }

  override async release(sessionIds: readonly Uuid[]): Promise<void> {
    for (const sessionId of sessionIds) this.keys.delete(sessionId);
  }
}

/** What instances that share this count of keys' orders. */
export class MemoryOrderRates extends OrderRates {
  private readonly buckets: TokenBuckets;

  constructor({ perMinute, burst }: OrderRate = { perMinute: 600, burst: 100 }) {
    super();
    this.buckets = new TokenBuckets(perMinute / 60, burst);
  }

  override async take(keyId: Uuid): Promise<boolean> {
    return this.buckets.take(keyId, performance.now());
  }
}

export class MemoryKeptBooks extends KeptBooks {
  books: KeptBook[] = [];

  override async before(accounts: readonly AccountId[], position: number): Promise<readonly KeptBook[]> {
    return accounts.flatMap((account) => this.of(account, position).at(-1) ?? []);
  }

  override async keep(books: readonly KeptBook[]): Promise<void> {
    this.books.push(...books);
  }

  override async forget(position: number): Promise<void> {
    this.books = this.books.filter((each) => {
      const newest = this.of(each.account, position).at(-1);
      return newest === undefined || each.position >= newest.position;
    });
  }

  override async newest(): Promise<number> {
    return Math.max(0, ...this.books.map(({ position }) => position));
  }

  override async clear(): Promise<void> {
    this.books = [];
  }

  private of(account: AccountId, position: number): KeptBook[] {
    return this.books
      .filter((each) => each.account === account && each.position <= position)
      .toSorted((one, other) => one.position - other.position);
  }
}

export class WsSessionHarness {
  readonly kept: KeptBooks;
  private readonly clock = new ElasticClock();
  readonly keys = new MemoryKeys();
  private readonly clients: Client[] = [];
  private readonly leases: SessionLeases;
  readonly ledger: MemoryLedger;
  private edge: EdgeHarness;

  private constructor(
    readonly log: MemoryEventLog,
    leases: SessionLeases,
    kept: KeptBooks,
  ) {
    this.leases = leases;
    this.kept = kept;
    this.ledger = new MemoryLedger({ log, now: () => exampleNow });
  }

  /** `settings` are environment variables; every wait is bounded. */
  static async open(
    settings: Record<string, string> = {},
    log: MemoryEventLog = new MemoryEventLog(),
    leases: SessionLeases = new MemoryLeases(),
    kept: KeptBooks = new MemoryKeptBooks(),
    rates: OrderRates = new MemoryOrderRates(),
  ): Promise<WsSessionHarness> {
    const harness = new WsSessionHarness(log, leases, kept);
    harness.edge = await EdgeHarness.open(wsSession, {
      ledger: harness.ledger,
      settings: { TICK_MS: '5', CLOSE_GRACE_MS: '200', RESUME_MAX_AGE_MS: LONG_AGO_MS, ...settings },
      replace: (module) =>
        module
          .overrideProvider(KeyStore)
          .useValue(harness.keys)
          .overrideProvider(SessionLeases)
          .useValue(harness.leases)
          .overrideProvider(KeptBooks)
          .useValue(harness.kept)
          .overrideProvider(OrderRates)
          .useValue(rates)
          .overrideProvider(SteadyClock)
          .useValue(harness.clock),
    });
    await harness.edge.listen();
    return harness;
  }

  get port(): number {
    return this.edge.port;
  }

  get logged(): LogLines {
    return this.edge.logged;
  }

  /** Takes a body of `subjects.quotes`. */
  hearQuotes(body: unknown): void {
    this.edge.part(MarketView).applyQuotes(body);
  }

  /** What the venue offers, and at which prices. */
  hearMarket(market: MarketSnapshot): void {
    this.edge.part(MarketView).take(market);
  }

  /** Takes a batch of the feed, beside those that the ledger tells. */
  hearFeed(batch: FeedBatch): void {
    this.edge.part(LogSubscription).offer(batch);
  }

  /** What the operator changed has been heard of. */
  registryChanged(): void {
    this.edge.part(RegistryNews).changed();
  }

  revoke({ id }: AccessKey): void {
    this.edge.part(RegistryNews).keyRevoked(id);
  }

  /** A part of the process, for what no client can bring about. */
  part<Part>(type: Type<Part>): Part {
    return this.edge.part(type);
  }

  /** Something is recorded, and told. */
  happen(...events: Event[]): Promise<readonly RecordedEvent[]> {
    return this.ledger.record(...events);
  }

  /** Something is recorded without a word on the feed. */
  async commit(...events: Event[]): Promise<readonly RecordedEvent[]> {
    this.edge.isDeaf = true;
    try {
      return await this.ledger.record(...events);
    } finally {
      this.edge.isDeaf = false;
    }
  }

  connect(headers: Record<string, string> = {}, path = '/ws'): Client {
    const client = new Client(new WebSocket(`ws://127.0.0.1:${this.port}${path}`, { headers }));
    this.clients.push(client);
    return client;
  }

  /** A live session: connected, let in. */
  async enter(secret: string, request: Record<string, unknown> = {}): Promise<Client> {
    const client = this.connect();
    await client.opened();
    client.ask('auth', { auth_request: { secret_key: secret, ...request } });
    await client.heard('auth_result');
    return client;
  }

  passes(ms: number): void {
    this.clock.ahead += ms;
  }

  /** Ends the process, as SIGTERM does. */
  stop(): Promise<void> {
    return this.edge.close();
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.leave();
    await this.stop();
    for (const text of this.clients.flatMap(({ texts }) => texts)) requireDocumented(text);
  }
}

export interface Frame {
  readonly message_id: string;
  readonly message_response_id?: string;
  readonly sequence?: number;
  readonly cursor?: string;
  readonly message_type: 'Ping' | 'Pong' | { readonly server_message: Readonly<Record<string, unknown>> };
}

/** A client that keeps every frame as it came. */
export class Client {
  readonly texts: string[] = [];
  readonly frames: Frame[] = [];
  closed: { readonly code: number; readonly reason: string } | null = null;
  failed: string | null = null;
  answersPings = true;
  private echoes = 0;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.take(String(data)));
    socket.on('close', (code, reason) => (this.closed = { code, reason: String(reason) }));
    socket.on('error', (error) => (this.failed = error.message));
  }

  get pings(): number {
    return this.frames.filter(({ message_type: type }) => type === 'Ping').length;
  }

  /** The variants of everything that was heard, Pings aside: `position.created`. */
  get variants(): string[] {
    return this.frames.flatMap(({ message_type: type }) =>
      typeof type === 'string' ? [] : [variantOf(type.server_message)],
    );
  }

  /** The frames of one variant, such as `position.created` or `position`. */
  all(variant: string): Frame[] {
    return this.frames.filter(
      ({ message_type: type }) =>
        typeof type !== 'string' && `${variantOf(type.server_message)}.`.startsWith(`${variant}.`),
    );
  }

  /** The body of the `nth` message of a variant, once it is there. */
  async heard(variant: string, nth = 1): Promise<Record<string, unknown>> {
    await until(() => this.all(variant).length >= nth);
    let body: unknown = this.all(variant)[nth - 1]?.message_type;
    for (const key of ['server_message', ...variant.split('.')]) body = (body as Record<string, unknown>)[key];
    return body as Record<string, unknown>;
  }

  async opened(): Promise<void> {
    await until(() => this.socket.readyState === WebSocket.OPEN);
  }

  async ended(): Promise<{ readonly code: number; readonly reason: string }> {
    await until(() => this.closed !== null);
    return this.closed ?? { code: 0, reason: '' };
  }

  /** Resolves when everything this client sent so far has been read. */
  async understood(): Promise<void> {
    this.send({ message_id: `echo-${this.echoes}`, message_type: 'Ping' });
    const pong = JSON.stringify({ message_id: `echo-${this.echoes}`, message_type: 'Pong' });
    this.echoes += 1;
    await until(() => this.texts.includes(pong));
  }

  ask(id: string, body: Record<string, unknown>): void {
    this.send({ message_id: id, message_type: { client_message: body } });
  }

  send(frame: unknown): void {
    this.socket.send(JSON.stringify(frame));
  }

  leave(): void {
    this.socket.terminate();
  }

  private take(text: string): void {
    this.texts.push(text);
    const frame = JSON.parse(text) as Frame;
    this.frames.push(frame);
    const { message_id, message_type } = frame;
    if (message_type === 'Ping' && this.answersPings) this.send({ message_id, message_type: 'Pong' });
  }
}

/** Whatever a spec makes the server say stands in the documents for those who write clients. */
function requireDocumented(text: string): void {
  const read = ServerFrame.safeParse(JSON.parse(text));
  if (!read.success) throw new Error(`no document has ${text}: ${read.error.message}`);
}

const FAMILIES = ['account_event', 'position', 'pending_position'];

function variantOf(message: Readonly<Record<string, unknown>>): string {
  const [[name, body] = ['', {}]] = Object.entries(message);
  return FAMILIES.includes(name) ? `${name}.${Object.keys(body as object).join()}` : name;
}
