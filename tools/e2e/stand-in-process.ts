import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ROOT } from '../check/command.ts';

/** `npm run proquant` on a free port. */
export class StandInProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<StandInProcess> {
    // What npm runs; npm itself would stand between a signal and its answer.
    const command = ['tools/bootstrap.mjs', 'tools/proquant/main.ts', '--port', '0'];
    const child = spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout })) {
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
      if (url === undefined) continue;
      child.stdout.resume();
      return new StandInProcess(child, url);
    }
    throw new Error('the stand-in ended before it said where it listens');
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}
