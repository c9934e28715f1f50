import { SocketProxy } from './socket-proxy.ts';

/** What leads to a port from one of its own, and can fall silent with everybody connected. */
export interface Way {
  readonly port: number;
  hush(): void;
  speak(): void;
  stop(): Promise<void>;
}

interface Link {
  readonly ends: readonly [from: string, to: string];
  readonly way: Way;
}

/** What leads from each of several servers to each other, and can be silent; their clients go past it. */
export class PartableNetwork {
  private readonly links: Link[] = [];

  /** In this process, unless a way is opened elsewhere. */
  constructor(private readonly openWay: (port: number) => Promise<Way> = wayInProcess) {}

  /** The port at which one server, by name, is to dial what listens at a port of another. */
  async between(from: string, to: string, port: number): Promise<number> {
    if (from === to) return port;
    const way = await this.openWay(port);
    this.links.push({ ends: [from, to], way });
    return way.port;
  }

  /** From now on a member and the others hear nothing of each other, and nobody is told. */
  part(member: string): void {
    for (const { ends, way } of this.links) if (ends.includes(member)) way.hush();
  }

  heal(): void {
    for (const { way } of this.links) way.speak();
  }

  async close(): Promise<void> {
    await Promise.all(this.links.map(({ way }) => way.stop()));
  }
}

async function wayInProcess(port: number): Promise<Way> {
  const proxy = await new SocketProxy().listen();
  proxy.lead(`127.0.0.1:${port}`);
  return proxy;
}
