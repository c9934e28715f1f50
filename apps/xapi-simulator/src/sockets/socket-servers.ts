import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Driver } from '../driver.ts';
import type { SocketKind } from '../server/transport.ts';
import type { Simulator } from '../simulator.ts';
import type { Certificate } from './certificate.ts';
import { RawTransport } from './raw-transport.ts';
import { takeWebSockets } from './web-sockets.ts';

/** Which ports to listen on: 0 is any free one, absent is off. WebSockets serve both kinds on one port, by path. */
export interface SocketPorts {
  readonly tcp?: number | undefined;
  readonly tcpStream?: number | undefined;
  readonly tls?: number | undefined;
  readonly tlsStream?: number | undefined;
  readonly ws?: number | undefined;
  readonly wss?: number | undefined;
}

/** Where clients connect, by transport. */
export interface Addresses {
  readonly tcp?: { readonly main: string; readonly stream: string };
  readonly tls?: { readonly main: string; readonly stream: string };
  readonly ws?: { readonly main: string; readonly stream: string };
  readonly wss?: { readonly main: string; readonly stream: string };
}

/** The xAPI listeners: sockets become transports of the simulator. */
export class SocketServers {
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly simulator: Simulator,
    private readonly driver: Driver,
    private readonly host: string,
  ) {}

  /** `certificate` is asked for only when TLS or WSS is on. */
  async listen(ports: SocketPorts, certificate: () => Promise<Certificate>): Promise<Addresses> {
    const { tcp, tcpStream, tls, tlsStream, ws, wss } = ports;
    const secrets = [tls, tlsStream, wss].some((port) => port !== undefined) ? await certificate() : undefined;
    const raw = (kind: SocketKind) => (socket: Socket) => this.takeRaw(kind, socket);
    const pair = async (open: (kind: SocketKind) => Server, main = 0, stream = 0) => ({
      main: await this.start(open('main'), main),
      stream: await this.start(open('stream'), stream),
    });
    const paths = (scheme: string, address: string) => ({
      main: `${scheme}://${address}/demo`,
      stream: `${scheme}://${address}/demoStream`,
    });
    const options = { cert: secrets?.cert, key: secrets?.key };
    return {
      ...((tcp ?? tcpStream) === undefined
        ? {}
        : { tcp: await pair((kind) => createTcpServer(raw(kind)), tcp, tcpStream) }),
      ...((tls ?? tlsStream) === undefined
        ? {}
        : { tls: await pair((kind) => createTlsServer(options, raw(kind)), tls, tlsStream) }),
      ...(ws === undefined ? {} : { ws: paths('ws', await this.start(this.web(createHttpServer()), ws)) }),
      ...(wss === undefined ? {} : { wss: paths('wss', await this.start(this.web(createHttpsServer(options)), wss)) }),
    };
  }

  /** Stops listening and ends every connection, now. */
  async close(): Promise<void> {
    const closed = this.servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(closed);
  }

  private takeRaw(kind: SocketKind, socket: Socket): void {
    const { simulator, driver } = this;
    // A broken socket also closes: that is where it is dealt with.
    socket.on('error', () => undefined);
    const line = driver.act(() => simulator.accept(new RawTransport(kind, socket, () => simulator.knobs)));
    if (!line) return;
    socket.on('data', (chunk) => driver.act(() => line.bytes(chunk)));
    socket.on('close', () => driver.act(() => line.gone()));
  }

  private web(server: ReturnType<typeof createHttpServer>): Server {
    takeWebSockets(server, this.simulator, this.driver);
    return server;
  }

  private async start(server: Server, port: number): Promise<string> {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    // A client that speaks no TLS, or breaks off the handshake, is its own trouble.
    server.on('tlsClientError', () => undefined);
    this.servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, this.host, resolve);
    });
    return `${this.host}:${(server.address() as AddressInfo).port}`;
  }
}
