import { until } from '@core/testing/until';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../../..');
const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/** One of our apps as a process, as `npm run build` made it. */
export class AppProcess {
  private child: ChildProcess | null = null;
  /** What it logged, a line each. */
  readonly lines: string[] = [];

  constructor(
    private readonly name: string,
    private readonly opsPort: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  async start(): Promise<void> {
    this.launch();
    await this.ready();
  }

  launch(): void {
    const child = spawn(process.execPath, [join(ROOT, 'dist/apps', this.name, 'main.js')], {
      cwd: ROOT,
      env: { ...process.env, ...this.env, OPS_PORT: String(this.opsPort), LOG_LEVEL: 'info' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const output of [child.stdout, child.stderr])
      output?.on('data', (bytes: Buffer) => this.lines.push(...bytes.toString().split('\n').filter(Boolean)));
    this.child = child;
  }

  async ready(): Promise<void> {
    await until(() => this.isReady(), READY_TIMEOUT_MS).catch((error: Error) => {
      throw new Error(`${this.name} is not ready: ${error.message}\n${this.lines.slice(-20).join('\n')}`);
    });
  }

  async isReady(): Promise<boolean> {
    if (this.child?.exitCode !== null) throw new Error(`${this.name} ended\n${this.lines.slice(-20).join('\n')}`);
    return fetch(`http://127.0.0.1:${this.opsPort}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.opsPort}/metrics`)).text();
  }

  /** `kill -9`. */
  async crash(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.end('SIGTERM');
    clearTimeout(timer);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}
