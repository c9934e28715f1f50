import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { backoffMs } from '@core/kernel/backoff';
import { bundleOf } from '../build/build-apps.ts';
import { textOf } from '../infra/files.ts';
import { within } from '../infra/processes.ts';

const READY_TIMEOUT_MS = 60_000;
const READY_POLL_TIMEOUT_MS = 3_000;
const STOP_TIMEOUT_MS = 15_000;
const RESTARTS = { minMs: 250, maxMs: 10_000 };
/** A service that ran this long was healthy: its next restart waits no longer than the first. */
const HEALTHY_AFTER_MS = 30_000;
const LOG_TAIL_LINES = 12;

export interface ServiceSpec {
  /** The app's folder name. */
  readonly name: string;
  readonly opsPort: number;
  readonly env: Readonly<Record<string, string>>;
}

/** A service did not get ready; the message holds the end of its log. */
export class ServiceFailed extends Error {
  readonly code = 'service-failed';
}

/** Runs services as processes, restarts those that end by themselves, and stops all in reverse order of starting. */
export class Supervisor {
  private readonly services: Supervised[] = [];

  constructor(
    private readonly logs: string,
    private readonly say: (line: string) => void,
  ) {
    mkdirSync(logs, { recursive: true });
  }

  /** Starts them together; resolves when each says that it is ready. Throws `ServiceFailed`. */
  async start(...specs: readonly ServiceSpec[]): Promise<void> {
    const started = specs.map((spec) => new Supervised(spec, join(this.logs, `${spec.name}.log`), this.say));
    this.services.push(...started);
    await Promise.all(started.map((service) => service.ready()));
  }

  async stop(): Promise<void> {
    for (const service of this.services.splice(0).reverse()) await service.stop();
  }
}

class Supervised {
  private child: ChildProcess;
  private startedAt = 0;
  private failures = 0;
  private stopping = false;

  constructor(
    private readonly spec: ServiceSpec,
    private readonly logFile: string,
    private readonly say: (line: string) => void,
  ) {
    this.child = this.spawn();
  }

  async ready(): Promise<void> {
    const url = `http://127.0.0.1:${this.spec.opsPort}/health/ready`;
    const isReady = (): Promise<boolean> =>
      fetch(url, { signal: AbortSignal.timeout(READY_POLL_TIMEOUT_MS) }).then(
        ({ ok }) => ok,
        () => false,
      );
    if (await within(READY_TIMEOUT_MS, isReady)) return;
    const tail = textOf(this.logFile).trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
    throw new ServiceFailed(`${this.spec.name} did not get ready; its log ends with\n${tail}`);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  }

  /** The IPC channel tells the service when this process is gone, even by SIGKILL. */
  private spawn(): ChildProcess {
    const log = openSync(this.logFile, 'a');
    const child = spawn(process.execPath, ['--enable-source-maps', bundleOf(this.spec.name)], {
      env: { ...process.env, ...this.spec.env, OPS_PORT: String(this.spec.opsPort) },
      stdio: ['ignore', log, log, 'ipc'],
      // A Ctrl-C in the terminal is for this process alone: it stops services in order.
      detached: true,
    });
    closeSync(log);
    this.startedAt = Date.now();
    child.once('exit', (code, signal) => void this.restart(signal ?? `code ${code}`));
    return child;
  }

  private async restart(how: string): Promise<void> {
    if (this.stopping) return;
    this.failures = Date.now() - this.startedAt > HEALTHY_AFTER_MS ? 1 : this.failures + 1;
    const pauseMs = backoffMs(RESTARTS, this.failures);
    this.say(`${this.spec.name} ended (${how}); starting it again in ${pauseMs} ms, see ${this.logFile}`);
    await pause(pauseMs);
    if (!this.stopping) this.child = this.spawn();
  }
}
