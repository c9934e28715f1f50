import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /^content-length: (\d+)/im;

export interface Load {
  readonly port: number;
  /** One for each connection, sent again and again. */
  readonly requests: readonly Buffer[];
  readonly status: number;
  readonly seconds: number;
}

export interface Loaded {
  readonly perSecond: number;
  /** Milliseconds from a request to the last byte of its answer. */
  readonly latencies: readonly number[];
}

/** `GET` of a path with these headers, as bytes. */
export const requestBytes = (path: string, headers: Readonly<Record<string, string>>): Buffer =>
  Buffer.from(
    [
      `GET ${path} HTTP/1.1`,
      ...Object.entries({ host: 'bench', ...headers }).map((pair) => pair.join(': ')),
      '',
      '',
    ].join('\r\n'),
  );

/** Opens connections, asks on them once or for so long, and closes them. */
export async function load({ seconds, ...load }: Load): Promise<Loaded> {
  const connections = await OpenConnections.open(load);
  try {
    return await connections.ask(seconds);
  } finally {
    connections.close();
  }
}

/**
 * Asks on every connection, the next time as soon as an answer is there. Made of sockets alone: whoever asks must cost
 * less than whoever answers, or both servers would look alike. Throws for any answer of another status.
 */
export class OpenConnections {
  private constructor(private readonly pollers: readonly Poller[]) {}

  static async open({ port, requests, status }: Omit<Load, 'seconds'>): Promise<OpenConnections> {
    return new OpenConnections(await Promise.all(requests.map((request) => Poller.open(port, request, status))));
  }

  async ask(seconds: number): Promise<Loaded> {
    const latencies: number[] = [];
    const start = performance.now();
    const until = start + seconds * 1000;
    await Promise.all(this.pollers.map((poller) => poller.pollUntil(until, latencies)));
    return { perSecond: (latencies.length / (performance.now() - start)) * 1000, latencies };
  }

  close(): void {
    for (const poller of this.pollers) poller.close();
  }
}

class Poller {
  private head: Buffer | null = null;
  private missing = 0;

  private constructor(
    private readonly socket: Socket,
    private readonly request: Buffer,
    private readonly status: Buffer,
  ) {}

  static async open(port: number, request: Buffer, status: number): Promise<Poller> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new Poller(socket, request, Buffer.from(`HTTP/1.1 ${status} `));
  }

  close(): void {
    this.socket.removeAllListeners('close').destroy();
  }

  pollUntil(until: number, latencies: number[]): Promise<void> {
    return new Promise((resolve, reject) => {
      let sentAt = 0;
      const send = (): void => {
        sentAt = performance.now();
        this.socket.write(this.request);
      };
      this.socket.removeAllListeners('error').on('error', reject);
      this.socket.removeAllListeners('close').on('close', () => reject(new Error('the server closed a connection')));
      this.socket.removeAllListeners('data').on('data', (bytes) => {
        if (!this.isWhole(bytes, reject)) return;
        const now = performance.now();
        latencies.push(now - sentAt);
        if (now < until) send();
        else resolve();
      });
      send();
    });
  }

  /** Takes some bytes; whether they were the answer's last. */
  private isWhole(bytes: Buffer, fail: (error: Error) => void): boolean {
    if (this.missing > 0) return (this.missing -= bytes.length) === 0;
    const all = this.head === null ? bytes : Buffer.concat([this.head, bytes]);
    const end = all.indexOf(HEAD_END);
    this.head = end < 0 ? all : null;
    if (end < 0) return false;
    const head = all.toString('latin1', 0, end);
    if (!all.subarray(0, this.status.length).equals(this.status)) fail(new Error(`answered ${head}`));
    this.missing = Number(LENGTH.exec(head)?.[1] ?? 0) - (all.length - end - HEAD_END.length);
    return this.missing === 0;
  }
}
