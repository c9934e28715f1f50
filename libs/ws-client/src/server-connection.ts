import { decodeEnvelope, type Envelope } from './envelope.ts';
import type { OpenWebSocket, WebSocketLike } from './web-socket.ts';

/** Why a connection ended: the server's close code and reason, or one of our own making. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
  /** What opening failed with. */
  readonly error?: unknown;
}

interface ServerConnectionListener {
  opened(): void;
  /** Everything but `Ping`, which the connection answers itself. */
  heard(envelope: Envelope): void;
  /** Once, whatever ended it. */
  ended(ending: Ending): void;
}

/** How long opening and letting in may take, before the server has said how often it speaks. */
const ENTRY_MS = 15_000;

const OPEN = 1;

/** The code of sockets that were lost, which no server sends. */
const LOST = 1006;

/** One socket from its opening to its end. Whoever hears nothing for too long takes it for dead. */
export class ServerConnection {
  private socket: WebSocketLike | null = null;
  private isOver = false;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private silenceMs = ENTRY_MS;

  constructor(
    url: string,
    open: OpenWebSocket,
    private readonly listener: ServerConnectionListener,
  ) {
    this.listen();
    this.open(url, open).catch((error: unknown) => {
      this.end({ code: LOST, reason: error instanceof Error ? error.message : String(error), error });
    });
  }

  /** From now on silence may last as long. */
  expectWordEvery(ms: number): void {
    this.silenceMs = ms;
    this.listen();
  }

  send(id: string, type: unknown): void {
    this.socket?.send(JSON.stringify({ message_id: id, message_type: type }));
  }

  /** Says goodbye, and does not wait for the answer. */
  end(ending: Ending): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.silence);
    this.socket?.close(1000);
    this.listener.ended(ending);
  }

  private async open(url: string, open: OpenWebSocket): Promise<void> {
    const socket = await open(url);
    // A close follows every error; without a listener some platforms would throw it.
    socket.addEventListener('error', () => undefined);
    if (this.isOver) return socket.close(1000);
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => this.unlessOver(() => this.take(data)));
    socket.addEventListener('close', ({ code, reason }) => this.end({ code, reason }));
    if (socket.readyState === OPEN) this.listener.opened();
    else socket.addEventListener('open', () => this.unlessOver(() => this.listener.opened()));
  }

  private unlessOver(act: () => void): void {
    if (!this.isOver) act();
  }

  private take(data: unknown): void {
    this.listen();
    const envelope = decodeEnvelope(data);
    if (envelope === null) return this.end({ code: LOST, reason: 'the server sent what is no message' });
    if (envelope.name === 'Ping') return this.send(envelope.id, 'Pong');
    try {
      this.listener.heard(envelope);
    } catch {
      this.end({ code: LOST, reason: `the server sent ${envelope.name} in a shape that it does not have` });
    }
  }

  private listen(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.end({ code: LOST, reason: 'the server went silent' }), this.silenceMs);
  }
}
