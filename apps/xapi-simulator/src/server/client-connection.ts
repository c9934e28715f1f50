import type { FaultBook } from '../core/faults.ts';
import type { BehaviourSettings } from '../core/behaviour-settings.ts';
import type { Scheduler } from '../core/scheduler.ts';
import { disguise } from './disguise.ts';
import type { SocketKind, ClientTransport } from './client-transport.ts';
import type { Traffic } from './traffic.ts';

/** Who keeps connections. */
export interface ConnectionOwner {
  /** Whether a client that leaves so many bytes unread is to be dropped. */
  isTooMuch(bufferedBytes: number): boolean;
  /** There is something to flush. */
  wake(connection: ClientConnection): void;
  /** It is closed, whoever closed it; told once. */
  over(connection: ClientConnection): void;
}

/** One client's socket: what is due to it, and the state that the rules of seed §4.1 are about. */
export class ClientConnection {
  readonly kind: SocketKind;
  readonly address: string;
  readonly openedAt: number;
  /** Whose it is, as far as that is known: a login, or the first session id on a streaming socket. */
  userId: string | null = null;
  /** Whether anything came at all. */
  spoke = false;
  lastCommandAt = -Infinity;
  /** Commands in a row that came too fast. */
  strikes = 0;
  closed = false;
  private outbox: string[] = [];
  private lastReplyAt = 0;

  constructor(
    readonly id: number,
    private readonly transport: ClientTransport,
    private readonly scheduler: Scheduler,
    private readonly behaviour: () => BehaviourSettings,
    private readonly faults: FaultBook,
    private readonly owner: ConnectionOwner,
    private readonly traffic: Traffic,
  ) {
    this.kind = transport.kind;
    this.address = transport.address;
    this.openedAt = scheduler.now;
  }

  /** Queues a message; it leaves with the next flush. */
  send(message: string): void {
    if (this.closed) return;
    if (this.outbox.length === 0) this.owner.wake(this);
    this.outbox.push(message);
  }

  /** Queues a reply behind those of earlier commands. Unless it blocks, later ones do not wait for it. */
  reply(message: string, delayMs: number, blocking: boolean, then: () => void = () => undefined): void {
    const at = Math.max(this.lastReplyAt, this.scheduler.now + delayMs);
    if (blocking) this.lastReplyAt = at;
    const deliver = (): void => {
      this.send(message);
      then();
    };
    if (at <= this.scheduler.now) deliver();
    else this.scheduler.at(at, deliver);
  }

  /** Hands everything queued to the socket. A client that does not read is dropped (its own fault, not ours to keep). */
  flush(): void {
    const messages = this.outbox;
    this.outbox = [];
    if (this.closed || messages.length === 0 || this.isFrozen()) return;
    const { wire } = this.behaviour();
    const written = messages.map((message) => disguise(message, wire));
    const truncated = this.faults.strike('truncate', this.userId, ({ socket }) => socket === this.kind);
    if (truncated) {
      const [first = ''] = written;
      this.transport.sendBroken(first.slice(0, Math.ceil(first.length / 2)));
      return this.over();
    }
    if (this.traffic.isWatched) for (const text of written) this.note('out', text);
    this.transport.send(written);
    if (this.owner.isTooMuch(this.bufferedBytes)) this.destroy();
  }

  /** Bytes that wait because the client does not read. */
  get bufferedBytes(): number {
    return this.transport.bufferedBytes;
  }

  /** Whether a fault lets nothing through, in either direction. */
  isFrozen(): boolean {
    return this.faults.strike('freeze', this.userId, ({ socket }) => socket === this.kind) !== null;
  }

  /** Something passed, for whoever looks at it. */
  note(direction: 'in' | 'out', text: string): void {
    const { id: connection, kind: socket, userId } = this;
    const answers = direction === 'out' && socket === 'main' && Number.isFinite(this.lastCommandAt);
    const afterMs = answers ? this.scheduler.now - this.lastCommandAt : null;
    this.traffic.take({ connection, socket, userId, direction, afterMs, text });
  }

  end(code?: number): void {
    if (this.closed) return;
    this.flush();
    if (this.closed) return;
    this.transport.end(code);
    this.over();
  }

  destroy(reset = false): void {
    if (this.closed) return;
    this.transport.destroy(reset);
    this.over();
  }

  /** The client is gone. */
  gone(): void {
    if (!this.closed) this.over();
  }

  private over(): void {
    this.closed = true;
    this.outbox = [];
    this.owner.over(this);
  }
}
