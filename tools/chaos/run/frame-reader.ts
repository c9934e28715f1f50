import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { HeardByReader, HeardFrame } from '../checker/run-record.ts';

const COME_BACK_MS = 700;
const FEATURES = ['sequence', 'snapshot'];
/** A socket over which nothing comes is given up. */
const SILENCE_MS = 20_000;

interface Frame {
  readonly message_id: string;
  readonly sequence?: number;
  readonly cursor?: string;
  readonly message_type: 'Ping' | { readonly server_message: Readonly<Record<string, unknown>> };
}

/** A reader of everything that notes each numbered frame as it comes, and comes back with its cursor for ever. */
export class FrameReader implements HeardByReader {
  readonly frames: HeardFrame[] = [];
  from: Readonly<Record<string, number>> = {};
  private cursor: string | null = null;
  private socket: WebSocket | null = null;
  private isOver = false;
  private readonly running: Promise<void>;

  constructor(
    readonly reader: string,
    private readonly url: string,
    private readonly secretKey: string,
    private readonly accounts: readonly string[],
  ) {
    this.running = this.keepReading();
  }

  /** Whether it knows where it began. */
  get hasBegun(): boolean {
    return this.cursor !== null;
  }

  /** Reads nothing of what comes until `readOn`: its end of the connection fills up. */
  hold(): void {
    this.socket?.pause();
  }

  readOn(): void {
    this.socket?.resume();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    this.socket?.terminate();
    await this.running;
  }

  private async keepReading(): Promise<void> {
    while (!this.isOver) {
      await this.session(new WebSocket(this.url));
      await pause(COME_BACK_MS);
    }
  }

  private session(socket: WebSocket): Promise<void> {
    this.socket = socket;
    const silence = setTimeout(() => socket.terminate(), SILENCE_MS);
    socket.on('open', () => {
      const resume = this.cursor === null ? {} : { resume: { cursor: this.cursor } };
      const request = { secret_key: this.secretKey, features: FEATURES, ...resume };
      socket.send(JSON.stringify({ message_id: 'auth', message_type: { client_message: { auth_request: request } } }));
    });
    socket.on('message', (data) => {
      silence.refresh();
      this.take(socket, String(data));
    });
    socket.on('error', () => socket.terminate());
    return new Promise((resolve) =>
      socket.on('close', () => {
        clearTimeout(silence);
        resolve();
      }),
    );
  }

  private take(socket: WebSocket, text: string): void {
    const { message_id, message_type, sequence, cursor } = JSON.parse(text) as Frame;
    if (message_type === 'Ping') return socket.send(JSON.stringify({ message_id, message_type: 'Pong' }));
    const sync = message_type.server_message['sync_completed'] as
      { readonly mode: string; readonly cursor: string; readonly sequences: Record<string, number> } | undefined;
    if (sync) {
      if (this.cursor === null) this.from = sync.sequences;
      this.cursor = sync.cursor;
    }
    if (sequence === undefined || cursor === undefined) return;
    this.cursor = cursor;
    const account = this.accounts.find((each) => text.includes(each));
    if (account !== undefined) this.frames.push({ account, sequence });
  }
}
