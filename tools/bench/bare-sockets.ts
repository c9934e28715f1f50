import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A loop that sends the same bytes to every socket, as a process of its own. */
export class BareSockets {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(): Promise<BareSockets> {
    const child = fork(join(__dirname, 'bare-sockets.cjs'), { execArgv: ['--expose-gc'] });
    const [port] = (await once(child, 'message')) as [number];
    return new BareSockets(child, port);
  }

  /** So many times, as fast as it can. */
  tell(text: string, times: number): void {
    this.child.send({ text, times });
  }

  /** Milliseconds of CPU that it has used. */
  async cpuMs(): Promise<number> {
    return (await this.used(false)).cpuMs;
  }

  /** Bytes that it holds, its garbage collected. */
  async heldBytes(): Promise<number> {
    return (await this.used(true)).heldBytes;
  }

  private async used(collect: boolean): Promise<{ readonly cpuMs: number; readonly heldBytes: number }> {
    this.child.send({ text: '', times: 0, collect });
    const [used] = (await once(this.child, 'message')) as [{ readonly cpuMs: number; readonly heldBytes: number }];
    return used;
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill();
    await gone;
  }
}
