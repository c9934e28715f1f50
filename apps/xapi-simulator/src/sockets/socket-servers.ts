import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { SocketSettings } from '../config.ts';
import type { Driver } from '../driver.ts';
import type { SocketKind } from '../server/client-transport.ts';
import type { Simulator } from '../simulator.ts';
import type { Certificate } from './certificate.ts';
import { RawTransport } from './raw-transport.ts';
import { takeWebSockets } from './web-sockets.ts';

/** Where clients connect, by transport. */
export interface SocketAddresses {
  readonly tcp?: { readonly main: string; readonly stream: string };
  readonly tls?: { readonly main: string; readonly stream: string };
  readonly ws?: { readonly main: string; readonly stream: string };
  readonly wss?: { readonly main: string; readonly stream: string };
}

/** Of one listener, whatever settings allow an address: more are closed unseen. */
const MAX_SOCKETS = 10_000;
/** For TLS, and for the request that a WebSocket begins with. */
const HANDSHAKE_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;

/** The xAPI listeners: sockets become transports of the simulator. */
export class SocketServers {
  private readonly servers: Server[] = [];
  /** What clients of TLS and WSS are to trust, PEM; null when neither is on. */
  certificate: string | null = null;
  /** Every TCP socket by its client's end. Only it can be reset: TLS and WebSockets on top of it cannot. */
  private readonly sockets = new Map<string, Socket>();

  constructor(
    private readonly simulator: Simulator,
    private readonly driver: Driver,
    private readonly host: string,
  ) {}

  /** Open TCP sockets, whatever they carry: those in a handshake and those turned away too. */
  get count(): number {
    return this.sockets.size;
  }

  /**
   * A port of 0 is any free one, none is off; WebSockets serve both kinds on one port, by path.
   * `certificate` is asked for only when TLS or WSS is on.
   */
  async listen(ports: SocketSettings, certificate: () => Promise<Certificate>): Promise<SocketAddresses> {
    const { tcpPort: tcp, tcpStreamPort: tcpStream, tlsPort: tls, tlsStreamPort: tlsStream } = ports;
    const { wsPort: ws, wssPort: wss } = ports;
    const secrets = [tls, tlsStream, wss].some((port) => port !== undefined) ? await certificate() : undefined;
    this.certificate = secrets?.cert ?? null;
    const raw = (kind: SocketKind) => (socket: Socket) => this.takeRaw(kind, socket);
    const pair = async (open: (kind: SocketKind) => Server, main = 0, stream = 0) => ({
      main: await this.start(open('main'), main),
      stream: await this.start(open('stream'), stream),
    });
    const paths = (scheme: string, address: string) => ({
      main: `${scheme}://${address}/demo`,
      stream: `${scheme}://${address}/demoStream`,
    });
    const options = { cert: secrets?.cert, key: secrets?.key, handshakeTimeout: HANDSHAKE_MS };
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
    for (const socket of this.sockets.values()) socket.destroy();
    await Promise.all(closed);
  }

  private takeRaw(kind: SocketKind, socket: Socket): void {
    const { simulator, driver } = this;
    // A broken socket also closes: that is where it is dealt with.
    socket.on('error', () => undefined);
    const transport = new RawTransport(kind, socket, this.under(socket), () => simulator.behaviour);
    const line = driver.act(() => simulator.accept(transport));
    socket.on('data', (chunk) => driver.act(() => line.bytes(chunk)));
    socket.on('close', () => driver.act(() => line.gone()));
  }

  private web(server: ReturnType<typeof createHttpServer>): Server {
    server.headersTimeout = HANDSHAKE_MS;
    takeWebSockets(server, this.simulator, this.driver, (socket) => this.under(socket));
    return server;
  }

  /** A host that takes no connections does not come to a handshake or an upgrade. */
  private refuse(socket: Socket): void {
    if (!socket.destroyed && this.simulator.connections.maintenance() === 'refuse') socket.resetAndDestroy();
  }

  private under(socket: Socket): Socket | undefined {
    return this.sockets.get(clientOf(socket));
  }

  private async start(server: Server, port: number): Promise<string> {
    server.prependListener('connection', (socket: Socket) => {
      const client = clientOf(socket);
      this.sockets.set(client, socket);
      socket.on('close', () => this.sockets.delete(client));
      socket.on('error', () => undefined);
      // A client that vanished without a word says nothing more: its system has to be asked.
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
    });
    server.on('connection', (socket: Socket) => this.refuse(socket));
    // A client that speaks no TLS, breaks the handshake off or never begins it: nobody else ends its socket.
    server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
    server.maxConnections = MAX_SOCKETS;
    this.servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, this.host, resolve);
    });
    return `${this.host}:${(server.address() as AddressInfo).port}`;
  }
}

const clientOf = ({ remoteAddress, remotePort, localPort }: Socket): string =>
  `${remoteAddress}:${remotePort} ${localPort}`;
