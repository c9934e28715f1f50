import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Driver } from '../driver.ts';
import type { SocketKind } from '../server/client-transport.ts';
import type { Simulator } from '../simulator.ts';
import { WebTransport } from './web-transport.ts';

/** Paths as the document has them (seed §4); demo and real are the same broker here. */
const KIND_OF_PATH: ReadonlyMap<string, SocketKind> = new Map([
  ['/demo', 'main'],
  ['/real', 'main'],
  ['/demoStream', 'stream'],
  ['/realStream', 'stream'],
]);

/** Far above the longest command: that rule drops a connection by itself, without a close frame. */
const MAX_FRAME_BYTES = 2_097_152;

/** Makes the HTTP server take xAPI over WebSockets; anything else it is asked for is answered with 426 or 404. */
export function takeWebSockets(
  server: Server,
  simulator: Simulator,
  driver: Driver,
  under: (socket: Socket) => Socket | undefined,
): void {
  const upgrader = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    autoPong: false,
  });
  server.on('request', (_request, response) => {
    response
      .writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket' })
      .end('xAPI is spoken over WebSocket\n');
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // From here on the socket is ours: a client that breaks off must not be an error without a listener.
    socket.on('error', () => undefined);
    const [path = ''] = (request.url ?? '').split('?');
    const kind = KIND_OF_PATH.get(path);
    const refused = simulator.faults.strike('refuse-upgrade', null);
    if (refused) return refuse(socket, refused.status);
    if (!kind) return refuse(socket, 404);
    upgrader.handleUpgrade(request, socket, head, (webSocket) => {
      const address = request.socket.remoteAddress ?? 'unknown';
      take(webSocket, new WebTransport(kind, address, webSocket, under(request.socket)), simulator, driver);
    });
  });
}

function take(socket: WebSocket, transport: WebTransport, simulator: Simulator, driver: Driver): void {
  // A broken socket also closes: that is where it is dealt with.
  socket.on('error', () => undefined);
  const line = driver.act(() => simulator.accept(transport));
  socket.on('message', (data) => driver.act(() => line.frame(data.toString())));
  socket.on('ping', (data) => {
    if (line.answersPings()) socket.pong(data);
  });
  socket.on('close', () => driver.act(() => line.gone()));
}

/** What a proxy in front of a sick server says. */
function refuse(socket: Duplex, status: number): void {
  const page = `<html><body><h1>${status}</h1></body></html>`;
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'content-type: text/html',
    `content-length: ${page.length}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${page}`, () => socket.destroy());
}
