import { present } from '@core/kernel/present';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { CellUpstreams } from './cell-upstreams.ts';

type Edge = Exclude<keyof CellUpstreams, 'name'>;

/** The edges of a cell that say who they are, and stream what they are told to. */
export class CellStandIn {
  private readonly servers: Server[] = [];
  private readonly streams: ServerResponse[] = [];

  private constructor(private readonly name: string) {}

  static async start(name: string): Promise<CellStandIn> {
    const cell = new CellStandIn(name);
    for (const edge of ['gateway', 'webhook', 'session'] as const) await cell.serve(edge);
    return cell;
  }

  get upstreams(): CellUpstreams {
    const [gateway, webhook, session] = this.servers.map((server) => {
      const { port } = present(server.address() as AddressInfo | null, 'it listens');
      return `127.0.0.1:${port}`;
    });
    return { name: this.name, gateway: gateway ?? '', webhook: webhook ?? '', session: session ?? '' };
  }

  /** To whoever reads a stream of it. */
  tell(text: string): void {
    for (const stream of this.streams) stream.write(text);
  }

  async stop(): Promise<void> {
    for (const server of this.servers.splice(0)) {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    }
  }

  private async serve(edge: Edge): Promise<void> {
    const who = `${this.name} ${edge}`;
    const server = createServer((request, response) => this.answer(who, request, response));
    new WebSocketServer({ server, path: '/ws' }).on('connection', (socket) =>
      socket.on('message', (data: Buffer) => socket.send(`${who} heard ${data.toString()}`)),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.servers.push(server);
  }

  private answer(who: string, request: IncomingMessage, response: ServerResponse): void {
    const { method, url, headers } = request;
    if (url === '/streaming') {
      this.streams.push(response);
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.flushHeaders();
    }
    const moved = /moved-to-(\w+)/.exec(url ?? '')?.[1];
    if (moved !== undefined && moved !== this.name) {
      response.writeHead(421, { 'x-cell': moved });
      return void response.end();
    }
    const body: Buffer[] = [];
    request.on('data', (piece: Buffer) => body.push(piece));
    request.on('end', () => {
      const said = Buffer.concat(body).toString();
      response.end(`${who} ${method} ${url} from ${String(headers['x-forwarded-for'])} saying ${said}`);
    });
  }
}
