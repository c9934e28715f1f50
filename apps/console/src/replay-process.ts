import { REPLAY_KEYS, ReplayState } from '@core/operations/replay-state';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';

const SAID_MAX = 20;

/** `ops replay --follow` as a process: what it says, and what is pressed at it. */
export class ReplayProcess {
  /** The last it said of itself; null until it has opened its sandbox. */
  state: ReplayState | null = null;
  /** Why it ended without having done it; null while it runs, and when all went well. */
  failure: string | null = null;
  readonly over: Promise<void>;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly said: string[] = [];

  constructor([file = '', ...args]: readonly string[], env: Readonly<Record<string, string>>) {
    this.child = spawn(file, args, { env: { ...process.env, ...env } });
    createInterface({ input: this.child.stdout }).on('line', (line) => this.hear(line));
    createInterface({ input: this.child.stderr }).on('line', (line) => this.note(line));
    // It may have ended before it reads what is pressed.
    this.child.stdin.on('error', () => undefined);
    this.over = new Promise((resolve) => {
      this.child.on('error', ({ message }) => this.note(message));
      this.child.on('close', (code) => {
        if (code !== 0) this.failure = this.said.at(-1) ?? `it ended with ${code ?? 'a signal'}`;
        resolve();
      });
    });
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null && this.child.pid !== undefined;
  }

  press(key: keyof typeof REPLAY_KEYS): void {
    this.child.stdin.write(REPLAY_KEYS[key]);
  }

  /** It ends in order: nothing comes any more. */
  async end(): Promise<void> {
    if (this.isRunning) this.child.stdin.end(REPLAY_KEYS.end);
    await this.over;
  }

  /** What is no state is something that it says beside them. */
  private hear(line: string): void {
    const state = line.startsWith('{') ? ReplayState.safeParse(JSON.parse(line)) : null;
    if (state?.success) this.state = state.data;
    else this.note(line);
  }

  private note(line: string): void {
    this.said.push(line.replace(/^ops: /, ''));
    if (this.said.length > SAID_MAX) this.said.shift();
  }
}
