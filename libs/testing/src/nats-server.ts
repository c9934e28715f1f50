import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const BOOT_TIMEOUT_MS = 10_000;

/** A JetStream server of a spec's own: what it stores and who listens concerns nobody else, and it may be broken. */
export class NatsServer {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<NatsServer> {
    const server = new NatsServer(await freePort(), mkdtempSync(join(tmpdir(), 'nats-spec-')));
    await server.boot();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Ends the server as a crash would; `boot` brings it back on the same port with what it had stored. */
  async kill(): Promise<void> {
    const child = this.child;
    if (!child) return;
    this.child = null;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Deletes everything the server had stored; only while it is down. */
  wipe(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async boot(): Promise<void> {
    const address = ['-a', '127.0.0.1', '-p', String(this.port)];
    const child = spawn(binary(), [...address, '-js', '-sd', this.folder], { stdio: 'ignore' });
    this.child = child;
    process.once('exit', () => child.kill('SIGKILL'));
    await until(() => accepts(this.port), BOOT_TIMEOUT_MS);
  }

  async stop(): Promise<void> {
    await this.kill();
    this.wipe();
  }
}

function binary(): string {
  const path = process.env.NATS_BIN;
  if (!path) throw new Error('NATS_BIN is not set: run integration specs through npm test');
  return path;
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
