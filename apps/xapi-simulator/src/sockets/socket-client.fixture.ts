import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { JsonSplitter, parseObject, type JsonObject } from '@core/xapi/wire/json-splitter';
import { WebSocket } from 'ws';
import type { RunningSimulator } from '../running.ts';

export const transports = ['tcp', 'tls', 'ws', 'wss'] as const;
export type TransportName = (typeof transports)[number];

export const LOGIN = { command: 'login', arguments: { userId: '10001', password: 'demo-10001' } };

/** A client on any transport, reduced to what a test asks of it. */
export interface SocketClient {
  write(bytes: string | Uint8Array): void;
  /** The next message; rejects when the connection ends first. */
  next(): Promise<JsonObject>;
  /** Raw text received so far. */
  raw(): string;
  /** How the connection ended: the code of the error or of the WebSocket's close, or null. */
  readonly closed: Promise<string | number | null>;
  /** Ends its side properly. */
  leave(): void;
  /** Is gone at once. */
  end(): void;
}

export interface WebClient extends SocketClient {
  readonly socket: WebSocket;
}

/** Connects; rejects when the server does not take it. Whoever opens it ends it. */
export async function connectTo(
  { addresses }: RunningSimulator,
  transport: TransportName,
  kind: 'main' | 'stream' = 'main',
): Promise<SocketClient> {
  const address = addresses[transport]?.[kind] ?? '';
  if (transport === 'ws' || transport === 'wss') return connectWeb(address);
  const { hostname: host, port } = new URL(`tcp://${address}`);
  return transport === 'tcp'
    ? overSocket(connectTcp(Number(port), host), 'connect')
    : overSocket(connectTls({ port: Number(port), host, rejectUnauthorized: false }), 'secureConnect');
}

export async function overSocket(socket: Socket, ready: 'connect' | 'secureConnect'): Promise<SocketClient> {
  const inbox = new Inbox();
  const splitter = new JsonSplitter(1 << 26);
  let text = '';
  let error: string | null = null;
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    for (const message of splitter.push(bytes).messages) inbox.put(message);
  });
  socket.on('error', ({ code }: NodeJS.ErrnoException) => (error = code ?? 'unknown'));
  const closed = new Promise<string | null>((resolve) => {
    socket.on('close', () => {
      inbox.end();
      resolve(error);
    });
  });
  await once(socket, ready);
  return {
    write: (bytes) => socket.write(bytes),
    next: () => inbox.next(),
    raw: () => text,
    closed,
    leave: () => socket.end(),
    end: () => socket.destroy(),
  };
}

export async function connectWeb(url: string): Promise<WebClient> {
  const inbox = new Inbox();
  const socket = new WebSocket(url, { rejectUnauthorized: false });
  let text = '';
  socket.on('message', (data) => {
    text += data.toString();
    inbox.put(parseObject(data.toString()) ?? {});
  });
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      inbox.end();
      resolve(code);
    });
  });
  await once(socket, 'open');
  return {
    socket,
    write: (bytes) => socket.send(bytes),
    next: () => inbox.next(),
    raw: () => text,
    closed,
    leave: () => socket.close(),
    end: () => socket.terminate(),
  };
}

/** Messages in order of arrival, for whoever asks for them. */
class Inbox {
  private readonly messages: JsonObject[] = [];
  private readonly waiting: { resolve(message: JsonObject): void; reject(error: Error): void }[] = [];
  private over = false;

  put(message: JsonObject): void {
    const first = this.waiting.shift();
    if (first) first.resolve(message);
    else this.messages.push(message);
  }

  end(): void {
    this.over = true;
    for (const { reject } of this.waiting.splice(0)) reject(new Error('the connection ended'));
  }

  next(): Promise<JsonObject> {
    const message = this.messages.shift();
    if (message) return Promise.resolve(message);
    if (this.over) return Promise.reject(new Error('the connection ended'));
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }
}
