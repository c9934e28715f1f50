import { decodeClientMessage, type ClientMessage } from '@core/ws-session/client-message';
import type { CloseName } from '@core/ws-session/close-code';
import type { SessionErrorCode } from '@core/ws-session/error-code';
import { errorMessage } from '@core/ws-session/extension-message';
import { encodePing, encodePong } from '@core/ws-session/server-message';
import { newId, now as date } from '@core/service/clock';
import { instantFromMs } from '@core/kernel/instant';
import type { RawData, WebSocket } from 'ws';
import type { ConnectionSettings } from '../config.ts';
import { SendQueue, type Wire } from './send-queue.ts';
import type { Session } from './session.ts';
import type { SteadyClock } from './steady-clock.ts';
import { TokenBucket } from '@core/kernel/token-bucket';

/** What a connection does not decide itself. */
export interface ConnectionListener {
  /** Checks the key and, unless the connection ended meanwhile, calls `welcome` or ends it. */
  enter(connection: Connection, first: ClientMessage): void;
  /** A request of a live session, other than those that keep it alive. */
  serve(session: Session, message: ClientMessage): void;
  /** A frame of a live session beyond its rate: it was not read. */
  hurried(session: Session): void;
  left(connection: Connection, name: CloseName): void;
}

/** Three violations within a minute are one too many. */
const STRIKES_PER_MINUTE = 2;

/**
 * One client's socket from the first byte to the last: what it sends, how fast, and whether it is still there.
 * `now` is milliseconds of a steady clock.
 */
export class Connection {
  readonly queue: SendQueue;
  private live: Session | null = null;
  private stage: 'arriving' | 'entering' | 'live' | 'over' = 'arriving';
  private readonly since: number;
  private heardAt: number;
  private pingedAt: number;
  private warned = false;
  private inbound: TokenBucket;
  private readonly strikes: TokenBucket;

  constructor(
    socket: WebSocket,
    wire: Wire,
    readonly address: string,
    private readonly settings: ConnectionSettings,
    private readonly reception: ConnectionListener,
    private readonly clock: SteadyClock,
  ) {
    this.since = this.heardAt = this.pingedAt = clock.now();
    this.inbound = this.bucketOf(null);
    this.strikes = new TokenBucket(STRIKES_PER_MINUTE / 60, STRIKES_PER_MINUTE, this.since);
    this.queue = new SendQueue(
      socket,
      wire,
      settings,
      (name) => this.over(name),
      (behindMs) => this.live?.announceConflation(instantFromMs(this.clock.today() - behindMs)),
    );
    socket.on('message', (data, isBinary) => this.receive(data, isBinary));
    // What is no WebSocket any more is closed by the socket itself, with the code that fits: here it is over.
    socket.on('error', (error) => this.queue.end(endOf(error)));
  }

  get session(): Session | null {
    return this.live;
  }

  get isEntering(): boolean {
    return this.stage === 'entering';
  }

  /** From here on the client hears events. */
  welcome(session: Session): void {
    this.live = session;
    this.stage = 'live';
    if (session.key.messagesPerSecond !== null) this.inbound = this.bucketOf(session.key.messagesPerSecond);
    this.pingedAt = this.clock.now();
  }

  /** To be called now and then: does what is due. */
  look(now: number): void {
    if (this.stage === 'over') return;
    this.queue.look(now);
    const { authTimeoutMs, pongTimeoutMs, pingIntervalMs, sessionMaxAgeMs, noticeBeforeMs, keyNoticeMs } =
      this.settings;
    const age = now - this.since;
    if (!this.live) {
      if (age > authTimeoutMs) this.queue.end('auth_timeout');
      return;
    }
    const today = this.clock.today();
    if (today >= this.live.keyEndsAtMs) return this.queue.end('unauthorized');
    this.live.warnOfKeyEnd(today, keyNoticeMs);
    if (now - this.heardAt > pongTimeoutMs) return this.queue.end('heartbeat_timeout');
    if (age > sessionMaxAgeMs) return this.queue.end('session_max_age');
    if (age > sessionMaxAgeMs - noticeBeforeMs && !this.warned) this.warn(this.live, sessionMaxAgeMs - age);
    if (now - this.pingedAt >= pingIntervalMs) this.ping(this.live, now);
  }

  /** A key's own rate has the burst that the usual rate has. */
  private bucketOf(messagesPerSecond: number | null): TokenBucket {
    const { inboundPerSecond, inboundBurst } = this.settings;
    const perSecond = messagesPerSecond ?? inboundPerSecond;
    const burst = Math.max(1, Math.round((perSecond / inboundPerSecond) * inboundBurst));
    return new TokenBucket(perSecond, burst, this.clock.now());
  }

  private ping(session: Session, now: number): void {
    this.pingedAt = now;
    this.queue.sendText(encodePing(newId()));
    this.queue.controlPing();
    session.heartbeat(date());
  }

  /** Sessions come back spread over the time that is left. */
  private warn(session: Session, leftMs: number): void {
    this.warned = true;
    session.announceEnd(Math.floor(Math.random() * leftMs), instantFromMs(this.clock.today() + leftMs));
  }

  private receive(data: RawData, isBinary: boolean): void {
    if (this.stage === 'over') return;
    if (isBinary) return this.queue.end('binary_frame');
    const now = (this.heardAt = this.clock.now());
    if (!this.inbound.take(now)) {
      if (this.live) this.reception.hurried(this.live);
      return this.violation('rate_limited', 'too many messages', null, 'too_many');
    }
    const decoded = decodeClientMessage(textOf(data));
    if (decoded.ok) return this.take(decoded.value);
    const { id, detail } = decoded.error;
    if (!this.live?.features.has('error')) return this.queue.end('invalid_message_format');
    this.violation('invalid_message_format', detail, id, 'invalid_message_format');
  }

  private take(message: ClientMessage): void {
    if (this.stage === 'arriving') {
      this.stage = 'entering';
      return this.reception.enter(this, message);
    }
    if (!this.live || message.kind === 'pong') return;
    if (message.kind === 'ping') return this.queue.sendText(encodePong(message.id));
    this.reception.serve(this.live, message);
  }

  /** Clients that understand are told; whoever goes on is closed. */
  private violation(code: SessionErrorCode, text: string, id: string | null, end: CloseName): void {
    const isLast = !this.strikes.take(this.clock.now());
    const message = errorMessage(code, text, isLast);
    if (this.live?.features.has('error')) {
      if (id === null) this.live.say(message);
      else this.live.reply(id, message);
    }
    if (isLast) this.queue.end(end);
  }

  private over(name: CloseName): void {
    this.stage = 'over';
    this.reception.left(this, name);
  }
}

/** As `ws` names it. One that was lost has no name of its own. */
function endOf(error: Error): CloseName {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return 'message_too_big';
  return code.startsWith('WS_ERR_') ? 'invalid_message_format' : 'normal';
}

/** Text frames arrive as one buffer; the other shapes are those of other binary types. */
function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]).toString('utf8');
}
