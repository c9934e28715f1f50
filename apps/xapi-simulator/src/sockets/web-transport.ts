import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { SocketKind, ClientTransport } from '../server/client-transport.ts';

const NORMAL_CLOSURE = 1000;

/** A WebSocket: one message in each text frame. */
export class WebTransport implements ClientTransport {
  constructor(
    readonly kind: SocketKind,
    readonly address: string,
    private readonly socket: WebSocket,
    private readonly tcp: Socket | undefined,
  ) {}

  send(messages: readonly string[]): void {
    for (const message of messages) this.socket.send(message);
  }

  sendBroken(text: string): void {
    this.socket.send(text);
    this.socket.close(NORMAL_CLOSURE);
  }

  end(code = NORMAL_CLOSURE): void {
    this.socket.close(code);
  }

  destroy(reset = false): void {
    if (reset) this.tcp?.resetAndDestroy();
    this.socket.terminate();
  }

  get bufferedBytes(): number {
    return this.socket.bufferedAmount;
  }
}
