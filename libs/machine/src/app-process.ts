import { processName } from '@core/kernel/process-name';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileText } from './files.ts';
import { within } from './within.ts';

const ROOT = join(__dirname, '../../..');
/** As in the image of a deployment; why there is so much room for what is young: docs/decisions/0090. */
export const NODE_ARGUMENTS = ['--enable-source-maps', '--max-semi-space-size=64'];
/** A bound against never: a busy machine needs a minute for what a quiet one does in two seconds. */
export const READY_TIMEOUT_MS = 180_000;
const ASK_TIMEOUT_MS = 3_000;
const STOP_TIMEOUT_MS = 15_000;
const LOG_TAIL_LINES = 20;

/** Where `npm run build` puts an app's only file. */
export const bundleOf = (app: string): string => join(ROOT, 'dist', 'apps', app, 'main.js');

export interface AppSpec {
  /** The app's folder name. */
  readonly name: string;
  /** Which of several processes of that app it is. */
  readonly instance?: number;
  readonly opsPort: number;
  readonly env: Readonly<Record<string, string>>;
}

/** Under what its supervisor keeps what it logs. */
export const serviceLogFile = (process: Pick<AppSpec, 'name' | 'instance'>): string =>
  `${processName(process).replace(' ', '-')}.log`;

/** An app did not get ready; the message holds the end of its log. */
export class AppFailed extends Error {
  readonly code = 'app-failed';
}

/** One of our apps as a process, as `npm run build` made it: ended, killed and started again at will. */
export class AppProcess {
  /** What it logged, over all its lives, unless that goes to a file. */
  readonly lines: string[] = [];
  /** How often it was started. */
  starts = 0;
  private child: ChildProcess | null = null;

  constructor(
    readonly spec: AppSpec,
    private readonly logFile: string | null = null,
  ) {}

  get isRunning(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when it says that it is ready. Throws `AppFailed`, at once when it ends instead. */
  async start(): Promise<void> {
    this.launch().catch(() => undefined); // `ready` says that it did not
    await this.ready();
  }

  /** Starts it; the answer comes when this life of it ends, and says how. */
  async launch(): Promise<string> {
    const log = this.logFile === null ? 'pipe' : openSync(this.logFile, 'a');
    const child = spawn(process.execPath, [...NODE_ARGUMENTS, bundleOf(this.spec.name)], {
      cwd: ROOT,
      env: { ...process.env, ...this.spec.env, OPS_PORT: String(this.spec.opsPort) },
      // The IPC channel tells the app when this process is gone, even by SIGKILL.
      stdio: ['ignore', log, log, 'ipc'],
      // A Ctrl-C in the terminal is for this process alone: it ends apps in order.
      detached: true,
    });
    if (typeof log === 'number') closeSync(log);
    for (const input of [child.stdout, child.stderr]) {
      if (input) createInterface({ input }).on('line', (line) => this.lines.push(line));
    }
    this.child = child;
    this.starts += 1;
    const [code, signal] = await once(child, 'exit');
    return typeof signal === 'string' ? signal : `code ${code}`;
  }

  async ready(): Promise<void> {
    const isInTime = await within(READY_TIMEOUT_MS, async () => !this.isRunning || (await this.isReady()));
    if (!isInTime || !this.isRunning) throw this.failure();
  }

  isReady(): Promise<boolean> {
    return this.ask('health/ready').then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** Rejects where it runs and says nothing. */
  async answers(): Promise<void> {
    await this.ask('health/live');
  }

  async metrics(): Promise<string> {
    return (await this.ask('metrics')).text();
  }

  /** Whether it logged this message within the time. */
  said(message: string): Promise<boolean> {
    const words = `"msg":"${message}"`;
    return within(READY_TIMEOUT_MS, () => this.lines.some((line) => line.includes(words)));
  }

  /** `kill -9`. */
  crash(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Alive and doing nothing, as on a machine that hangs: its connections stay. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** In order; by force when that takes too long. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.end('SIGTERM');
    clearTimeout(timer);
  }

  failure(): AppFailed {
    const lines = this.logFile === null ? this.lines : fileText(this.logFile).trimEnd().split('\n');
    return new AppFailed(
      `${processName(this.spec)} did not get ready; its log ends with\n${lines.slice(-LOG_TAIL_LINES).join('\n')}`,
    );
  }

  private ask(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.spec.opsPort}/${path}`, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || !this.isRunning) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}
