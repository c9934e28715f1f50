import type { Position } from './models.ts';
import type { WebSocketLike } from './web-socket.ts';

type Listener = (event: never) => void;
type Message = Readonly<Record<string, unknown>>;

/** A client's end of a socket that a spec holds the other end of. */
export class ScriptedSocket implements WebSocketLike {
  private readonly listeners: { readonly type: string; readonly listener: Listener }[] = [];
  readonly heard: { readonly message_id: string; readonly message_type: unknown }[] = [];
  readyState = 0;
  isClosed = false;

  constructor(private readonly react: (socket: ScriptedSocket) => void) {}

  addEventListener(type: string, listener: Listener): void {
    this.listeners.push({ type, listener });
  }

  send(text: string): void {
    this.heard.push(JSON.parse(text) as (typeof this.heard)[number]);
    this.react(this);
  }

  close(): void {
    this.isClosed = true;
  }

  opens(): void {
    this.readyState = 1;
    this.emit('open', {});
  }

  /** A frame of the server, as text. */
  says(data: unknown): void {
    if (!this.isClosed) this.emit('message', { data });
  }

  message(message: Message, siblings: Message = {}): void {
    const envelope = { message_id: 'm', ...siblings, message_type: { server_message: message } };
    this.says(JSON.stringify(envelope));
  }

  dies(code = 1006, reason = ''): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.emit('close', { code, reason });
  }

  get lastRequest(): readonly [id: string, body: Message] {
    const { message_id: id, message_type: type } = this.heard.at(-1) ?? { message_id: '', message_type: {} };
    return [id, (type as { client_message: Message }).client_message];
  }

  private emit(type: string, event: object): void {
    for (const each of this.listeners) if (each.type === type) each.listener(event as never);
  }
}

/** What becomes of one frame on its way. */
export type Fate = 'arrives' | 'arrives twice' | 'is lost' | 'dies with the socket';

/** A server of the protocol with a log of positions that open and close, on a network that does as it is told. */
export class ScriptedServer {
  readonly sockets: ScriptedSocket[] = [];
  readonly urls: string[] = [];
  private readonly log: { readonly accountId: string; readonly sequence: number; readonly message: Message }[] = [];
  private readonly open = new Map<string, Position>();
  private isLive = false;

  constructor(private readonly fates: Fate[] = []) {}

  readonly openWebSocket = (url: string): WebSocketLike => {
    this.urls.push(url);
    const socket = new ScriptedSocket((each) => this.answer(each));
    this.sockets.push(socket);
    queueMicrotask(() => socket.opens());
    return socket;
  };

  get socket(): ScriptedSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error('nobody connected');
    return last;
  }

  get openPositions(): readonly string[] {
    return [...this.open.keys()].sort();
  }

  /** A position of an account opens, or the oldest open one closes. */
  happens(accountId: string, what: 'created' | 'closed'): void {
    const id =
      what === 'created'
        ? `p${this.log.length}`
        : [...this.open.values()].find((each) => each.account_id === accountId)?.id;
    if (id === undefined) return;
    const position = { id, account_id: accountId } as Position;
    if (what === 'created') this.open.set(id, position);
    else this.open.delete(id);
    const sequence = this.log.filter((each) => each.accountId === accountId).length + 1;
    this.log.push({ accountId, sequence, message: { position: { [what]: position } } });
    if (this.isLive) this.deliver(this.log.length - 1);
  }

  heartbeat(): void {
    if (this.isLive) this.socket.message({ heartbeat: { server_date: 0, cursor: `c${this.log.length}` } });
  }

  /** From now on the network does no harm. */
  heals(): void {
    this.fates.length = 0;
  }

  /** Of every event so far. */
  get ids(): readonly string[] {
    return this.log.map((_, index) => `e${index}`);
  }

  private answer(socket: ScriptedSocket): void {
    const { message_type: type } = socket.heard.at(-1) ?? {};
    const { auth_request: request } = (type as { client_message?: { auth_request?: Message } }).client_message ?? {};
    if (!request) return;
    const { cursor } = (request['resume'] ?? {}) as { cursor?: string };
    socket.message({ auth_result: { result: 'success', session_id: 's', limits: { pong_timeout_ms: 25_000 } } });
    this.isLive = true;
    if (cursor === undefined) return this.snapshot(socket);
    for (let index = Number(cursor.slice(1)); index < this.log.length && !socket.isClosed; index += 1)
      this.deliver(index);
    socket.message({ sync_completed: { mode: 'replay', cursor: `c${this.log.length}`, sequences: {} } });
  }

  private snapshot(socket: ScriptedSocket): void {
    const sequences = Object.fromEntries(this.log.map(({ accountId, sequence }) => [accountId, sequence]));
    const account_ids = Object.keys(sequences);
    const items = [...this.open.values()];
    socket.message({ position: { snapshot: { account_ids, part: 1, parts: 1, items } } });
    socket.message({ sync_completed: { mode: 'snapshot', cursor: `c${this.log.length}`, sequences } });
  }

  private deliver(index: number): void {
    const { socket } = this;
    const event = this.log[index];
    const fate = socket.isClosed ? 'is lost' : (this.fates.shift() ?? 'arrives');
    if (!event || fate === 'is lost') return;
    if (fate === 'dies with the socket') return socket.dies();
    const siblings = { message_id: `e${index}`, sequence: event.sequence, cursor: `c${index + 1}` };
    for (let times = fate === 'arrives' ? 1 : 2; times > 0; times -= 1) socket.message(event.message, siblings);
  }
}
