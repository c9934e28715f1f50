import { BrokerUnavailable } from '@core/connector/broker-failure';
import { JsonSplitter, parseObject, type JsonObject } from '@core/xapi/wire/json-splitter';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { WebSocket, type RawData } from 'ws';

/** How one of a broker's two addresses is reached: `host:port` for tcp and tls, a URL for ws and wss. */
export interface BrokerAddress {
  readonly transport: 'tcp' | 'tls' | 'ws' | 'wss';
  readonly address: string;
  /** Accept a certificate nobody signed: for simulators only. */
  readonly insecureTls: boolean;
}

export interface SocketLimits {
  readonly connectTimeoutMs: number;
  /** One message; a whole instrument list is megabytes. */
  readonly messageMaxBytes: number;
  /** Bytes that may wait to be written before the peer counts as gone. */
  readonly unsentMaxBytes: number;
  /** The address of ours to leave from; unset is whichever the system takes. */
  readonly localAddress?: string;
}

export interface SocketListener {
  message(message: JsonObject): void;
  /** Once, whoever ended it; nothing comes after. */
  closed(reason: string): void;
}

/** An open connection that carries JSON objects, on whichever transport. Ends by being destroyed: brokers hang on FIN. */
export interface BrokerSocket {
  readonly isOpen: boolean;
  /** True when the bytes were handed to the system; false when the connection is gone and nothing was. */
  send(text: string): boolean;
  destroy(reason: string): void;
}

/**
 * Opens a connection; rejects with `BrokerUnavailable`. The listener hears nothing before it is open.
 * `signal` ends it at any moment, while it is being opened too.
 */
export async function openSocket(
  address: BrokerAddress,
  limits: SocketLimits,
  listener: SocketListener,
  signal?: AbortSignal,
): Promise<BrokerSocket> {
  if (signal?.aborted) throw new BrokerUnavailable(reasonOf(signal));
  const isWeb = address.transport === 'ws' || address.transport === 'wss';
  return (isWeb ? openWebSocket : openStreamSocket)(address, limits, listener, signal);
}

const localAddressOf = ({ localAddress }: SocketLimits): { readonly localAddress?: string } =>
  localAddress === undefined ? {} : { localAddress };

const reasonOf = ({ reason }: AbortSignal): string => (reason instanceof Error ? reason.message : 'stopped');

function openStreamSocket(
  { transport, address, insecureTls }: BrokerAddress,
  limits: SocketLimits,
  listener: SocketListener,
  signal: AbortSignal | undefined,
): Promise<BrokerSocket> {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at);
  const port = Number(address.slice(at + 1));
  const from = localAddressOf(limits);
  const socket: Socket =
    transport === 'tls'
      ? connectTls({ host, port, ...from, servername: host, rejectUnauthorized: !insecureTls })
      : connectTcp({ host, port, ...from });
  socket.setNoDelay(true).setKeepAlive(true, 10_000);
  const splitter = new JsonSplitter(limits.messageMaxBytes);
  const ending = new Ending(listener, () => socket.destroy(), signal);

  socket.on('data', (bytes) => {
    const { messages, fault } = splitter.push(bytes);
    for (const message of messages) if (ending.isOpen) listener.message(message);
    if (fault) ending.end(`unreadable: ${fault.detail}`);
  });
  socket.on('error', (error) => ending.end(error.message));
  socket.on('close', () =>
    ending.end(splitter.unfinishedBytes > 0 ? 'closed inside a message' : 'closed by the broker'),
  );

  return opening(limits.connectTimeoutMs, ending, (opened) => {
    socket.once(transport === 'tls' ? 'secureConnect' : 'connect', () =>
      opened({
        get isOpen() {
          return ending.isOpen;
        },
        send(text) {
          if (!ending.isOpen) return false;
          socket.write(text);
          if (socket.writableLength > limits.unsentMaxBytes) ending.end('the broker stopped reading');
          return true;
        },
        destroy: (reason) => ending.end(reason),
      }),
    );
  });
}

function openWebSocket(
  { address, insecureTls }: BrokerAddress,
  limits: SocketLimits,
  listener: SocketListener,
  signal: AbortSignal | undefined,
): Promise<BrokerSocket> {
  const socket = new WebSocket(address, {
    perMessageDeflate: false,
    maxPayload: limits.messageMaxBytes,
    rejectUnauthorized: !insecureTls,
    handshakeTimeout: limits.connectTimeoutMs,
    ...localAddressOf(limits),
  });
  const ending = new Ending(listener, () => socket.terminate(), signal);

  socket.on('message', (data: RawData) => {
    const message = parseObject(String(data));
    if (!ending.isOpen) return;
    if (message) listener.message(message);
    else ending.end('unreadable: a frame is not a JSON object');
  });
  socket.on('error', (error) => ending.end(error.message));
  socket.on('close', (code) => ending.end(`closed by the broker (${code})`));

  return opening(limits.connectTimeoutMs, ending, (opened) => {
    socket.once('open', () =>
      opened({
        get isOpen() {
          return ending.isOpen;
        },
        send(text) {
          if (!ending.isOpen || socket.readyState !== WebSocket.OPEN) return false;
          socket.send(text);
          if (socket.bufferedAmount > limits.unsentMaxBytes) ending.end('the broker stopped reading');
          return true;
        },
        destroy: (reason) => ending.end(reason),
      }),
    );
  });
}

/** The end of a connection: heard once, and before it was open by whoever waits for that. */
class Ending {
  isOpen = true;
  onEarlyEnd: ((reason: string) => void) | null = null;
  private readonly abort = (): void => this.end(this.signal ? reasonOf(this.signal) : 'stopped');

  constructor(
    private readonly listener: SocketListener,
    private readonly destroy: () => void,
    private readonly signal: AbortSignal | undefined,
  ) {
    signal?.addEventListener('abort', this.abort);
  }

  end(reason: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.signal?.removeEventListener('abort', this.abort);
    this.destroy();
    if (this.onEarlyEnd) this.onEarlyEnd(reason);
    else this.listener.closed(reason);
  }
}

function opening(
  timeoutMs: number,
  ending: Ending,
  start: (opened: (socket: BrokerSocket) => void) => void,
): Promise<BrokerSocket> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => ending.end(`no connection within ${timeoutMs} ms`), timeoutMs);
    ending.onEarlyEnd = (reason) => {
      clearTimeout(timer);
      reject(new BrokerUnavailable(reason));
    };
    start((socket) => {
      clearTimeout(timer);
      ending.onEarlyEnd = null;
      resolve(socket);
    });
  });
}
