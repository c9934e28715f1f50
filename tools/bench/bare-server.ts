import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a route answers; nothing to who has this tag already. */
export interface BareAnswer {
  readonly body: string;
  readonly tag?: string;
}

/** A process of its own, as ours is. */
export class BareServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** Answers by route, as Fastify writes them. */
  static async start(served: Readonly<Record<string, BareAnswer>>): Promise<BareServer> {
    const child = fork(join(__dirname, 'bare-server.cjs'));
    child.send(served);
    const [port] = (await once(child, 'message')) as [number];
    return new BareServer(child, port);
  }

  /** Milliseconds of CPU that it has used. */
  async cpuMs(): Promise<number> {
    this.child.send('cpu');
    const [used] = (await once(this.child, 'message')) as [number];
    return used;
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill();
    await gone;
  }
}
