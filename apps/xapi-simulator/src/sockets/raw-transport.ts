import type { Socket } from 'node:net';
import type { BehaviourSettings } from '../core/behaviour-settings.ts';
import type { SocketKind, ClientTransport } from '../server/client-transport.ts';

/** A client that was told goodbye has so long to close its side; then it is closed for it. */
const GOODBYE_MS = 5_000;

/** A TCP or TLS socket: messages one after the other, a separator behind each (seed §4). */
export class RawTransport implements ClientTransport {
  readonly address: string;

  constructor(
    readonly kind: SocketKind,
    private readonly socket: Socket,
    /** What carries it, or itself; gone already when undefined. */
    private readonly tcp: Socket | undefined,
    private readonly behaviour: () => BehaviourSettings,
  ) {
    this.address = socket.remoteAddress ?? 'unknown';
    socket.setNoDelay(true);
  }

  send(messages: readonly string[]): void {
    const { separator, fragmentBytes } = this.behaviour().wire;
    const text = messages.join(separator) + separator;
    if (fragmentBytes === 0) {
      this.socket.write(text);
      return;
    }
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += fragmentBytes) this.socket.write(bytes.subarray(at, at + fragmentBytes));
  }

  sendBroken(text: string): void {
    this.socket.write(text);
    this.end();
  }

  end(): void {
    const waiting = setTimeout(() => this.socket.destroy(), GOODBYE_MS);
    this.socket.once('close', () => clearTimeout(waiting)).end();
  }

  destroy(reset = false): void {
    if (reset) this.tcp?.resetAndDestroy();
    this.socket.destroy();
  }

  get bufferedBytes(): number {
    return this.socket.writableLength;
  }
}
