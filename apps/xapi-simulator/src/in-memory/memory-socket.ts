import type { Line } from '../server/client-connections.ts';
import type { SocketKind, ClientTransport } from '../server/client-transport.ts';
import type { Simulator } from '../simulator.ts';

export interface ReceivedMessage {
  /** Simulated time. */
  readonly at: number;
  readonly message: string;
}

/** A client's socket without a network: for scripts and tests on the simulated clock. */
export class MemorySocket implements ClientTransport {
  readonly received: ReceivedMessage[] = [];
  /** How the server ended it, if it did. */
  ended: 'closed' | 'dropped' | null = null;
  readonly bufferedBytes = 0;
  private readonly line: Line;

  constructor(
    private readonly simulator: Simulator,
    readonly kind: SocketKind,
    readonly address = '192.0.2.1',
  ) {
    this.line = simulator.accept(this);
    simulator.connections.flush();
  }

  /** Sends bytes or text as they are; whole commands or pieces of them. */
  write(bytes: Uint8Array | string): void {
    this.line.bytes(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
    this.simulator.connections.flush();
  }

  /** The client goes away. */
  hangUp(): void {
    this.line.gone();
  }

  send(messages: readonly string[]): void {
    for (const message of messages) this.received.push({ at: this.simulator.scheduler.now, message });
  }

  sendBroken(text: string): void {
    this.send([text]);
    this.ended = 'closed';
  }

  end(): void {
    this.ended = 'closed';
  }

  destroy(): void {
    this.ended = 'dropped';
  }
}
