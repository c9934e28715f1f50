import { NatsServer } from '@core/machine/nats-server';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

/** A JetStream server of a spec's own: what it stores and who listens concerns nobody else, and it may be broken. */
export class ThrowawayNats {
  private constructor(
    private readonly server: NatsServer,
    private readonly folder: string,
  ) {}

  /** `config`: the text of a configuration file, for who may log in; without it everybody may. */
  static async start(config?: string): Promise<ThrowawayNats> {
    const folder = mkdtempSync(join(tmpdir(), 'nats-spec-'));
    const configFile = join(folder, 'nats.conf');
    if (config !== undefined) writeFileSync(configFile, config);
    const server = new NatsServer({
      binary: natsOfTheRun,
      folder: join(folder, 'store'),
      pidFile: join(folder, 'pid'),
      logFile: join(folder, 'log'),
      port: await freePort(),
      ...(config === undefined ? {} : { configFile }),
    });
    const nats = new ThrowawayNats(server, folder);
    await nats.boot();
    return nats;
  }

  get url(): string {
    return this.server.url;
  }

  /** Ends the server as a crash would; `boot` brings it back on the same port with what it had stored. */
  kill(): Promise<void> {
    return this.server.kill();
  }

  /** Connections live on, and soon, when the system has stopped its last thread, nothing is answered until `thaw`. */
  freeze(): void {
    this.signal('SIGSTOP');
  }

  thaw(): void {
    this.signal('SIGCONT');
  }

  /** Deletes everything the server had stored; only while it is down. */
  wipe(): void {
    this.server.wipe();
  }

  boot(): Promise<void> {
    return this.server.start('owner');
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.server.pid === undefined) throw new Error('NATS is not running');
    process.kill(this.server.pid, signal);
  }
}

/** The program that the test run found. */
export function natsOfTheRun(): string {
  const path = process.env.NATS_BIN;
  if (!path) throw new Error('NATS_BIN is not set: run integration specs through npm test');
  return path;
}
