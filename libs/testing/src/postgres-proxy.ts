import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to Postgres that can fall silent, be cut, or end after a commit and before the ledger hears of it. */
export class PostgresProxy {
  private readonly sockets = new Set<Socket>();
  private state: 'speaking' | 'hushed' | 'cut' = 'speaking';
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

  /** From now on connections live, new ones too, and nothing comes over them: as with a server that is frozen. */
  hush(): void {
    this.state = 'hushed';
    for (const socket of this.sockets) socket.pause();
  }

  /** From now on there is no way: connections end, new ones at once. */
  cut(): void {
    this.state = 'cut';
    for (const socket of this.sockets) socket.destroy();
  }

  /** As it was; what was said into the silence is heard now. */
  speak(): void {
    this.state = 'speaking';
    for (const socket of this.sockets) socket.resume();
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
      postgres.write(bytes);
    });
    postgres.on('data', (bytes) => {
      if (this.isCutting && isAppending) client.destroy();
      else client.write(bytes);
    });
    for (const socket of [client, postgres]) {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        for (const each of [client, postgres]) each.destroy();
      });
      if (this.state === 'hushed') socket.pause();
      if (this.state === 'cut') socket.destroy();
    }
  }
}
