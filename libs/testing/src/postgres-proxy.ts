import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to Postgres that can fall silent, or cut the line after a commit and before the ledger hears of it. */
export class PostgresProxy {
  private readonly sockets = new Set<Socket>();
  private isHushed = false;
  private isCutting = false;

  private constructor(
    private readonly server: Server,
    /** The same database, by way of here. */
    readonly url: string,
  ) {}

  static async before(target: string): Promise<PostgresProxy> {
    const { hostname, port } = new URL(target);
    const server = createServer((client) => proxy.join(client, connect(Number(port || 5432), hostname)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(target);
    url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const proxy: PostgresProxy = new PostgresProxy(server, url.href);
    return proxy;
  }

  /** From now on connections live, and nothing comes over them. */
  hush(): void {
    this.isHushed = true;
  }

  dropNextConfirmation(): void {
    this.isCutting = true;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket, postgres: Socket): void {
    let isAppending = false;
    client.on('data', (bytes) => {
      isAppending = bytes.includes('core-append');
      if (!this.isHushed) postgres.write(bytes);
    });
    postgres.on('data', (bytes) => {
      if (this.isCutting && isAppending) client.destroy();
      else if (!this.isHushed) client.write(bytes);
    });
    for (const socket of [client, postgres]) {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => [client, postgres].forEach((each) => each.destroy()));
    }
  }
}
