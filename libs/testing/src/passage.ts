import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Passes bytes on to Postgres until it is hushed: from then on its connections live, and nothing comes over them. */
export class Passage {
  private readonly sockets = new Set<Socket>();
  private isHushed = false;

  private constructor(private readonly server: Server) {}

  /** `url` names a server, as that of Postgres does. */
  static async to(url: string): Promise<Passage> {
    const { hostname, port } = new URL(url);
    const passage = new Passage(createServer((near) => passage.join(near, connect(Number(port), hostname))));
    passage.server.listen(0, '127.0.0.1');
    await once(passage.server, 'listening');
    return passage;
  }

  /** The same address, by way of here. */
  url(url: string): string {
    const here = new URL(url);
    here.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return here.href;
  }

  hush(): void {
    this.isHushed = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private join(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.on('error', () => undefined);
      if (!this.isHushed) from.pipe(to);
    }
  }
}
