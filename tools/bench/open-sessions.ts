import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEARD_TIMEOUT_MS = 120_000;
const HEAD_END = '\r\n\r\n';
/** What a server says for itself is shorter than any event. */
const EVENT_BYTES_MIN = 400;
const UPGRADE = Buffer.from(
  [
    'GET /ws HTTP/1.1',
    ...['host: bench', 'connection: Upgrade', 'upgrade: websocket', 'sec-websocket-version: 13'],
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    '',
    '',
  ].join('\r\n'),
);

/** Open WebSockets made of sockets alone, which count the events that come: who listens must cost less than who tells. */
export class OpenSessions {
  private readonly sockets: Socket[] = [];
  /** The last event that came to anyone, as text. */
  last = '';
  private wanted = 0;
  private left = 0;
  private failed: Error | null = null;
  private heard: (failed: Error | null) => void = () => undefined;
  /** When each event came, where that is asked for. */
  private arrivals: number[] | null = null;

  constructor(private readonly port: number) {}

  get count(): number {
    return this.sockets.length;
  }

  /** More of them; each says this first, and is open once it is answered. Null says nothing. */
  async open(more: number, first: string | null): Promise<void> {
    const AT_ONCE = 100;
    for (let n = 0; n < more; n += AT_ONCE)
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, more - n) }, () => this.openOne(first)));
  }

  /**
   * Resolves when each has heard so many events from now on, with how long that took from the first of all to the last.
   * Rejects when one ends or nothing comes.
   */
  told(events: number): Promise<{ readonly ms: number; readonly arrivals: readonly number[] }> {
    this.wanted = events * this.sockets.length;
    this.left = this.wanted;
    const arrivals: number[] = (this.arrivals = []);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.heard(new Error(`${this.left} of ${this.wanted} frames did not come`)),
        HEARD_TIMEOUT_MS,
      );
      this.heard = (failed) => {
        clearTimeout(timer);
        this.heard = () => undefined;
        this.arrivals = null;
        if (failed) return reject(failed);
        resolve({ ms: (arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0), arrivals });
      };
      if (this.failed) this.heard(this.failed);
    });
  }

  close(): void {
    for (const socket of this.sockets.splice(0)) socket.removeAllListeners('close').destroy();
  }

  private async openOne(first: string | null): Promise<void> {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    this.sockets.push(socket);
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('a server closed a connection')));
    const frames = new Frames();
    await new Promise<void>((resolve, reject) => {
      let isUpgraded = false;
      socket.once('close', () => reject(new Error('a session was not let in')));
      socket.on('data', (bytes) => {
        let rest: Buffer = bytes;
        if (!isUpgraded) {
          const end = bytes.indexOf(HEAD_END);
          if (end < 0 || !bytes.includes(' 101 ')) return reject(new Error(`answered ${bytes.toString('latin1')}`));
          isUpgraded = true;
          rest = bytes.subarray(end + HEAD_END.length);
          if (first === null) resolve();
          else socket.write(textFrame(first));
        }
        if (rest.length === 0) return;
        const at = performance.now();
        for (const payload of frames.take(rest)) {
          resolve();
          if (payload.length >= EVENT_BYTES_MIN) this.count1(payload, at);
        }
      });
      socket.write(UPGRADE);
    });
  }

  private count1(payload: Buffer, at: number): void {
    this.left -= 1;
    this.arrivals?.push(at);
    if (this.left !== 0) return;
    this.last = payload.toString();
    this.heard(null);
  }

  private fail(error: Error): void {
    this.failed ??= error;
    this.heard(this.failed);
  }
}

/** Takes bytes of a server's frames apart; control frames are passed over. */
class Frames {
  private rest: Buffer | null = null;

  take(bytes: Buffer): readonly Buffer[] {
    const all = this.rest ? Buffer.concat([this.rest, bytes]) : bytes;
    const payloads: Buffer[] = [];
    let at = 0;
    for (let end = frameEnd(all, at); end; end = frameEnd(all, at)) {
      if (((all[at] ?? 0) & 0x0f) === 1) payloads.push(all.subarray(end.from, end.to));
      at = end.to;
    }
    this.rest = at < all.length ? all.subarray(at) : null;
    return payloads;
  }
}

function frameEnd(bytes: Buffer, at: number): { readonly from: number; readonly to: number } | null {
  const left = bytes.length - at;
  if (left < 2) return null;
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (left < head) return null;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  return left < head + length ? null : { from: at + head, to: at + head + length };
}

/** A client's frame; its mask is of zeros, which leaves the text as it is. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
}
