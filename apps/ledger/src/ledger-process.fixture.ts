import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The ledger as a process of its own, for specs that kill it. */
export class LedgerProcess {
  readonly exit: Promise<unknown>;
  readonly lines: string[] = [];
  private readonly child: ChildProcess;
  private readonly waiting: { readonly words: string; readonly resolve: () => void }[] = [];

  constructor(environment: { readonly DATABASE_URL: string; readonly NATS_URL: string }) {
    this.child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'main.ts')], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.exit = once(this.child, 'exit');
    if (this.child.stdout) createInterface(this.child.stdout).on('line', (line) => this.take(line));
  }

  /** Once it has logged this message. */
  said(message: string): Promise<void> {
    const words = `"msg":"${message}"`;
    if (this.lines.some((line) => line.includes(words))) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ words, resolve }));
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.isRunning) this.child.kill(signal);
    await this.exit;
  }

  private take(line: string): void {
    this.lines.push(line);
    for (const { words, resolve } of this.waiting) if (line.includes(words)) resolve();
  }
}

/** Starts a ledger again whenever it ends, as whoever runs it does. */
export class Supervisor {
  current: LedgerProcess;
  starts = 1;
  private stopped = false;

  constructor(private readonly environment: ConstructorParameters<typeof LedgerProcess>[0]) {
    this.current = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.current.kill();
  }

  private run(): LedgerProcess {
    const ledger = new LedgerProcess(this.environment);
    void ledger.exit.then(() => {
      if (this.stopped) return;
      this.starts += 1;
      this.current = this.run();
    });
    return ledger;
  }
}
