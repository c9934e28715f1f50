export type SocketKind = 'main' | 'stream';

/** A client's socket, whatever carries it. */
export interface ClientTransport {
  readonly kind: SocketKind;
  /** The client's address: what connections are counted by. */
  readonly address: string;
  /** Sends whole messages, in this order. */
  send(messages: readonly string[]): void;
  /** Sends these characters as they are, then ends. */
  sendBroken(text: string): void;
  /** Ends once everything is sent. The code is for WebSockets. */
  end(code?: number): void;
  /** Ends now, without a word; with a reset where there is one, as a host does that takes no connections. */
  destroy(reset?: boolean): void;
  /** Bytes that wait because the client does not read. */
  readonly bufferedBytes: number;
}
