import { SocketProxy } from './socket-proxy.ts';

interface Link {
  readonly ends: readonly [from: string, to: string];
  readonly proxy: SocketProxy;
}

/** What leads from each of several servers to each other, and can be silent; their clients go past it. */
export class PartableNetwork {
  private readonly links: Link[] = [];

  /** The port at which one server, by name, is to dial what listens at a port of another. */
  async between(from: string, to: string, port: number): Promise<number> {
    const proxy = await new SocketProxy().listen();
    this.links.push({ ends: [from, to], proxy });
    return Number(new URL(`tcp://${proxy.lead(`127.0.0.1:${port}`)}`).port);
  }

  /** From now on a member and the others hear nothing of each other, and nobody is told. */
  part(member: string): void {
    for (const { ends, proxy } of this.links) if (ends.includes(member)) proxy.hush();
  }

  heal(): void {
    for (const { proxy } of this.links) proxy.speak();
  }

  async close(): Promise<void> {
    await Promise.all(this.links.map(({ proxy }) => proxy.stop()));
  }
}
