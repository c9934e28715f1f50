import { succeeds } from '@core/kernel/succeeds';
import { mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { writePrivate } from './files.ts';
import { noted } from './program.ts';
import { ServerProcess, type LivesWith } from './server-process.ts';

export interface HaproxyPlace {
  readonly program: string;
  readonly folder: string;
  readonly logFile: string;
  /** The text of its configuration. */
  config(): string;
  /** A port that it listens on once it is ready. */
  readonly port: number;
}

const ANSWER_MS = 3_000;

/** A proxy of our own before what there is more than one of. */
export class HaproxyServer {
  private readonly process: ServerProcess;
  private readonly configFile: string;

  constructor(private readonly place: HaproxyPlace) {
    const { program, folder, logFile } = place;
    const pidFile = join(folder, 'pid');
    this.configFile = join(folder, 'haproxy.cfg');
    this.process = new ServerProcess({
      name: 'haproxy',
      command: () => noted(pidFile, [program, '-db', '-f', this.configFile]),
      folder: this.configFile,
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

  async start(livesWith: LivesWith): Promise<void> {
    mkdirSync(this.place.folder, { recursive: true });
    writePrivate(this.configFile, this.place.config());
    await this.process.start(livesWith);
  }

  answers(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(this.place.port, '127.0.0.1');
      socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('haproxy says nothing')));
      socket.once('error', reject).once('connect', () => {
        socket.destroy();
        resolve();
      });
    });
  }

  stop(): Promise<void> {
    return this.process.stop();
  }

  kill(): Promise<void> {
    return this.process.stop('SIGKILL');
  }
}
