import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process of its own, as ours is. */
export class BareServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** Bodies by route, as Fastify writes them. */
  static async start(bodies: Readonly<Record<string, string>>): Promise<BareServer> {
    const child = fork(join(__dirname, 'bare-server.cjs'));
    child.send(bodies);
    const [port] = (await once(child, 'message')) as [number];
    return new BareServer(child, port);
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill();
    await gone;
  }
}
