// Over 300 lines: the life of a client is one story, from its first connection to its last.
import { HEALTHY_MS, retryDelayMs } from './backoff.ts';
import { ServerConnection, type Ending } from './server-connection.ts';
import { recordedEventOf, type Envelope } from './envelope.ts';
import { ClosedError, NoWebSocketError, ProtocolError, UnauthorizedError, type WsClientError } from './errors.ts';
import { EventQueue } from './event-queue.ts';
import type { Account, BidAsk, PendingPosition, Position } from './models.ts';
import { randomId } from './random-id.ts';
import { Requests } from './requests.ts';
import { Sequences } from './sequences.ts';
import type { RecordedEvent, SessionEvent } from './session-event.ts';
import { SnapshotParts } from './snapshot-parts.ts';
import type {
  CancelOrder,
  ClosePosition,
  PlaceOrder,
  RequestState,
  TradingRequest,
  UpdateOrder,
  UpdatePosition,
} from './trading.ts';
import { openWebSocket, type OpenWebSocket } from './web-socket.ts';

export interface WsClientOptions {
  /** `wss://…/ws`; the key is never part of it. */
  readonly url: string;
  readonly secretKey: string;
  /** Of the last event that was dealt with, from an earlier run; without one the client begins with a snapshot. */
  readonly cursor?: string;
  /** Sent to the server, for whoever reads its logs. */
  readonly name?: string;
  /** How many events may wait for a reader before the client hangs up until they are read; 10 000. */
  readonly queueMax?: number;
  /** How long a request may take, reconnections included; 10 000. */
  readonly requestTimeoutMs?: number;
  /** How sockets are opened, where the platform's own way does not do: through a proxy, with headers. */
  readonly openWebSocket?: OpenWebSocket;
}

export interface AccountFilter {
  readonly trader_id?: string;
  readonly account_id?: string;
}
export interface PositionFilter extends AccountFilter {
  readonly position_id?: string;
  readonly asset_pair?: string;
}

const FEATURES = ['sequence', 'snapshot', 'responses', 'error', 'heartbeat', 'notice'];

/** After these the server's mind is made up: coming back unchanged leads to the same end. */
const FATAL = new Set([1003, 1009, 4400]);
const UNAUTHORIZED = 4401;

/** Silence of a server that does not say how long it may last. */
const SILENCE_MS = 30_000;

/** What a socket that we hang up on counts as. */
const GAP = { code: 4000, reason: 'gap' };
const SLOW_READER = { code: 4000, reason: 'slow_reader' };

/**
 * One session at one server, kept up for as long as the client is open: it authenticates, takes a snapshot, yields what
 * happens, and after every interruption goes on where it was. Each event of an account is yielded once and in order.
 * Iterating ends when the client is closed, and throws when coming back is useless: see `errors.ts`.
 */
export class WsClient implements AsyncIterable<SessionEvent> {
  private connection: ServerConnection | null = null;
  private readonly queue = new EventQueue(() => this.readAll());
  private readonly requests: Requests;
  private readonly sequences = new Sequences();
  private parts = new SnapshotParts();
  /** Of the last event that was heard. */
  private cursor: string | null;
  /** What was missed, or stands, has been heard: what the server says of our place can be compared. */
  private isSynchronized = false;
  private isLetIn = false;
  /** Where a hole was found that a resumed session shall fill; when it does not, a snapshot does. */
  private gapAt: string | null = null;
  private failures = 0;
  /** Where it is connected to, where a server has named another cell than the options do. */
  private url: string | null = null;
  private readonly followed = new Set<string>();
  private begunMs = 0;
  private comeBackAfterMs: number | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private isWaitingForReader = false;
  private end: WsClientError | null = null;

  /** Begins at once. */
  constructor(private readonly options: WsClientOptions) {
    this.cursor = options.cursor ?? null;
    this.requests = new Requests(options.requestTimeoutMs ?? 10_000);
    this.connect();
  }

  /** Events are shared between all who iterate. Leaving the loop closes the client. */
  [Symbol.asyncIterator](): AsyncIterator<SessionEvent, undefined> {
    return {
      next: () => this.queue.next() as Promise<IteratorResult<SessionEvent, undefined>>,
      return: () => {
        this.close();
        return Promise.resolve({ value: undefined, done: true as const });
      },
    };
  }

  /** As the server counts it, in microseconds. */
  async getServerTime(): Promise<number> {
    return ((await this.ask('get_server_time', {})) as { server_date: number }).server_date;
  }

  getAccounts(filter: AccountFilter = {}): Promise<readonly Account[]> {
    return this.ask('get_accounts', filter) as Promise<readonly Account[]>;
  }

  getPositions(filter: PositionFilter = {}): Promise<readonly Position[]> {
    return this.ask('get_positions', filter) as Promise<readonly Position[]>;
  }

  getPendingPositions(filter: PositionFilter = {}): Promise<readonly PendingPosition[]> {
    return this.ask('get_pending_positions', filter) as Promise<readonly PendingPosition[]>;
  }

  getLastPrices(assetPair?: string): Promise<readonly BidAsk[]> {
    return this.ask('get_last_prices', assetPair === undefined ? {} : { asset_pair: assetPair }) as Promise<
      readonly BidAsk[]
    >;
  }

  /**
   * Resolves when the request is recorded, before anything is sent to the broker; what becomes of it follows as
   * `request_update` and in the ordinary events. This and the four below need the scope `trade`.
   */
  placeOrder(order: PlaceOrder): Promise<RequestState> {
    return this.trade('place_order', order);
  }

  updateOrder(update: UpdateOrder): Promise<RequestState> {
    return this.trade('update_order', update);
  }

  cancelOrder(cancellation: CancelOrder): Promise<RequestState> {
    return this.trade('cancel_order', cancellation);
  }

  closePosition(close: ClosePosition): Promise<RequestState> {
    return this.trade('close_position', close);
  }

  updatePosition(update: UpdatePosition): Promise<RequestState> {
    return this.trade('update_position', update);
  }

  /** What was heard is still yielded; requests without an answer are rejected. */
  close(): void {
    this.finish(new ClosedError('the client was closed'), null);
  }

  private trade(name: RequestState['request'], request: TradingRequest): Promise<RequestState> {
    const processId = request.process_id ?? randomId();
    return this.ask(name, { ...request, process_id: processId }, processId) as Promise<RequestState>;
  }

  private ask(name: string, body: object, processId: string | null = null): Promise<unknown> {
    if (this.end) return Promise.reject(this.end);
    return this.requests.ask(this.isLetIn ? this.send : null, name, body, processId);
  }

  private readonly send = (id: string, message: object): void => this.connection?.send(id, { client_message: message });

  private connect(): void {
    this.isSynchronized = this.isLetIn = false;
    this.comeBackAfterMs = null;
    this.parts = new SnapshotParts();
    this.connection = new ServerConnection(this.url ?? this.options.url, this.options.openWebSocket ?? openWebSocket, {
      opened: () => this.enter(),
      heard: (envelope) => this.take(envelope),
      ended: (ending) => this.ended(ending),
    });
  }

  private enter(): void {
    const { secretKey, name } = this.options;
    this.send(randomId(), {
      auth_request: {
        secret_key: secretKey,
        features: FEATURES,
        ...(this.cursor !== null && { resume: { cursor: this.cursor } }),
        ...(name !== undefined && { client: { name } }),
      },
    });
  }

  private take(envelope: Envelope): void {
    if (envelope.name === 'auth_result') return this.authenticated(envelope.body);
    const event = recordedEventOf(envelope);
    if (event) return this.recorded(event);
    if (this.requests.take(envelope) || this.parts.take(envelope)) return;
    if (envelope.name === 'bid_ask') return this.tell({ type: 'bid_ask', quote: envelope.body as BidAsk });
    if (envelope.name === 'request_update')
      return this.tell({ type: 'request_update', request: envelope.body as RequestState });
    if (envelope.name === 'sync_completed') return this.synchronized(envelope.body);
    if (envelope.name === 'heartbeat') return this.compare(envelope.body);
    if (envelope.name === 'notice') return this.noticed(envelope.body);
  }

  private authenticated(body: unknown): void {
    const { result, session_id, limits, cell } = body as {
      result: string;
      session_id: string | null;
      cell?: string;
      limits?: { pong_timeout_ms?: number };
    };
    if (result === 'unauthorized' && cell !== undefined && this.follows(cell)) return;
    const whose = cell ? `: it is of the cell ${cell}` : '';
    if (result === 'unauthorized') return this.connection?.end({ code: UNAUTHORIZED, reason: `${result}${whose}` });
    if (result !== 'success') return this.connection?.end({ code: 1013, reason: result });
    this.isLetIn = true;
    this.followed.clear();
    this.begunMs = performance.now();
    this.connection?.expectWordEvery(limits?.pong_timeout_ms ?? SILENCE_MS);
    this.tell({ type: 'connected', sessionId: session_id ?? '' });
    this.requests.askAgain(this.send);
  }

  /** Where the address says which cell is meant, it may say the one that the server names; each once in a row. */
  private follows(cell: string): boolean {
    const url = new URL(this.url ?? this.options.url);
    if (!url.searchParams.has('cell') || this.followed.has(cell)) return false;
    url.searchParams.set('cell', cell);
    this.followed.add(cell);
    this.url = url.href;
    this.cursor = null;
    this.connection?.end({ code: 1013, reason: `the key is of the cell ${cell}` });
    return true;
  }

  private recorded(event: RecordedEvent): void {
    const verdict = this.sequences.take(event.accountId, event.sequence);
    if (verdict === 'gap') return this.lost();
    this.cursor = event.cursor;
    if (verdict === 'next') this.tell(event);
  }

  private synchronized(body: unknown): void {
    const { mode, cursor, sequences } = body as { mode: string; cursor: string; sequences: Record<string, number> };
    this.cursor = cursor;
    this.isSynchronized = true;
    if (mode === 'replay') return this.tell({ type: 'replayed', cursor });
    this.sequences.reset(sequences);
    this.tell(this.parts.whole(cursor));
    this.parts = new SnapshotParts();
  }

  private compare(body: unknown): void {
    const { cursor } = body as { cursor: string };
    if (this.isSynchronized && cursor !== this.cursor) this.lost();
  }

  private noticed(body: unknown): void {
    const notice = body as { kind: string; reconnect_after_ms?: number };
    if (notice.kind === 'going_away') this.comeBackAfterMs = notice.reconnect_after_ms ?? null;
    this.tell({ type: 'notice', notice });
  }

  /** Something is missing: a resumed session tells it, and where that was tried already, a snapshot makes up for it. */
  private lost(): void {
    if (this.gapAt === this.cursor) this.cursor = this.gapAt = null;
    else this.gapAt = this.cursor;
    this.connection?.end(GAP);
  }

  private tell(event: SessionEvent): void {
    this.queue.push(event);
    if (this.queue.size < (this.options.queueMax ?? 10_000)) return;
    this.isWaitingForReader = true;
    this.connection?.end(SLOW_READER);
  }

  private ended(ending: Ending): void {
    this.connection = null;
    if (this.end) return;
    const fatal = fatalErrorOf(ending);
    if (fatal) return this.finish(fatal, fatal);
    if (this.isLetIn && performance.now() - this.begunMs >= HEALTHY_MS) this.failures = 0;
    const retryInMs = this.isWaitingForReader
      ? null
      : retryDelayMs(this.failures, ending.code, Math.random(), this.comeBackAfterMs);
    this.failures += 1;
    const { code, reason } = ending;
    this.queue.push({ type: 'disconnected', code, reason, retryInMs });
    if (retryInMs !== null) this.retry = setTimeout(() => this.connect(), retryInMs);
  }

  private readAll(): void {
    if (!this.isWaitingForReader) return;
    this.isWaitingForReader = false;
    if (!this.end) this.connect();
  }

  private finish(error: WsClientError, toReaders: WsClientError | null): void {
    if (this.end) return;
    this.end = error;
    clearTimeout(this.retry);
    this.connection?.end({ code: 1000, reason: 'closed' });
    this.requests.abandon(error);
    this.queue.finish(toReaders);
  }
}

function fatalErrorOf({ code, reason, error }: Ending): WsClientError | null {
  if (error instanceof NoWebSocketError) return error;
  if (code === UNAUTHORIZED)
    return new UnauthorizedError(`the server does not accept this key${reason.replace(/^unauthorized/, '')}`);
  return FATAL.has(code) ? new ProtocolError(code, reason) : null;
}
