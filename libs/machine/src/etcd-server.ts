import { succeeds } from '@core/kernel/succeeds';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { noted } from './program.ts';
import { ServerProcess, type LivesWith } from './server-process.ts';

export interface EtcdPlace {
  readonly program: string;
  readonly folder: string;
  readonly logFile: string;
  readonly ports: { readonly client: number; readonly peer: number };
  /** Asked of whoever connects. */
  readonly password: string;
}

/** The user of etcd that may do everything; there is no other. */
export const ETCD_USER = 'root';
const ANSWER_MS = 3_000;

/** One etcd of our own on this machine's loopback address, which lets in nobody without a password. */
export class EtcdServer {
  private readonly process: ServerProcess;
  private readonly url: string;

  constructor(private readonly place: EtcdPlace) {
    const { program, folder, logFile, ports } = place;
    const [clients, peers] = [`http://127.0.0.1:${ports.client}`, `http://127.0.0.1:${ports.peer}`];
    const pidFile = join(folder, 'pid');
    this.url = clients;
    this.process = new ServerProcess({
      name: 'etcd',
      command: () =>
        noted(pidFile, [
          program,
          ...['--name', 'etcd', '--data-dir', join(folder, 'data'), '--logger', 'zap', '--log-level', 'warn'],
          ...['--listen-client-urls', clients, '--advertise-client-urls', clients],
          ...['--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers],
          ...['--initial-cluster', `etcd=${peers}`, '--auto-compaction-retention', '1h'],
        ]),
      folder,
      pidFile,
      logFile,
      runAs: {},
      stopSignal: 'SIGTERM',
      isReady: () => succeeds(this.answers()),
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Resolves when it answers and asks everybody who he is. Idempotent. */
  async start(livesWith: LivesWith): Promise<void> {
    mkdirSync(this.place.folder, { recursive: true });
    await this.process.start(livesWith);
    await this.lock();
  }

  async answers(): Promise<void> {
    const response = await fetch(`${this.url}/health`, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (!response.ok) throw new Error(`etcd answers ${response.status}`);
  }

  stop(): Promise<void> {
    return this.process.stop();
  }

  kill(): Promise<void> {
    return this.process.stop('SIGKILL');
  }

  private async lock(): Promise<void> {
    const { password } = this.place;
    if ((await this.ask('authenticate', { name: ETCD_USER, password })).ok) return;
    await this.ask('user/add', { name: ETCD_USER, password });
    await this.ask('role/add', { name: ETCD_USER });
    await this.ask('user/grant', { user: ETCD_USER, role: ETCD_USER });
    const enabled = await this.ask('enable', {});
    if (!enabled.ok) throw new Error(`etcd does not ask for passwords: ${await enabled.text()}`);
  }

  private ask(what: string, body: object): Promise<Response> {
    return fetch(`${this.url}/v3/auth/${what}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
  }
}
