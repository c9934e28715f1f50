import { connect, type NatsConnection } from 'nats';
import { mkdirSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { ServerProcess, type LivesWith } from './server-process.ts';

export interface NatsPlace {
  /** Finds the program, or fetches it. */
  binary(): string;
  /** JetStream's store. */
  readonly folder: string;
  readonly pidFile: string;
  readonly logFile: string;
  readonly port: number;
  /** Who may log in and what they may do there; without it everyone may do everything. */
  readonly configFile?: string;
  /** Who may ask JetStream how it is; without a configuration anybody may. */
  readonly login?: { readonly user: string; readonly pass: string };
  /** Its JetStream is one with that of other servers, any of which may be what keeps it from answering. */
  readonly isMember?: boolean;
}

const ANSWER_MS = 5_000;

/** A NATS server with JetStream of our own, on this machine's loopback address. */
export class NatsServer {
  private readonly process: ServerProcess;

  constructor(private readonly place: NatsPlace) {
    const { folder, pidFile, logFile, port, configFile } = place;
    const config = configFile === undefined ? [] : ['-c', configFile];
    this.process = new ServerProcess({
      name: 'NATS',
      command: () => [
        place.binary(),
        '-a',
        '127.0.0.1',
        '-p',
        String(port),
        '-js',
        '-sd',
        folder,
        '-P',
        pidFile,
        ...config,
      ],
      folder,
      pidFile,
      logFile,
      runAs: {},
      stopSignal: 'SIGTERM',
      isReady: () => accepts(port),
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.place.port}`;
  }

  /** The server opens its port after JetStream has recovered, so ready means streams too. Idempotent. */
  async start(livesWith: LivesWith): Promise<void> {
    mkdirSync(this.place.folder, { recursive: true });
    await this.process.start(livesWith);
  }

  /**
   * Rejects where it runs and says nothing, or its JetStream does not: after a full disk that may be for ever. A member
   * is asked for what it knows by itself: it is not to be replaced because of another.
   */
  answers(): Promise<void> {
    return this.place.isMember ? this.asked(hasJetStream) : this.reachesJetStream();
  }

  /** Rejects where no JetStream is led, by this server or by another. */
  reachesJetStream(): Promise<void> {
    return this.asked(async (connection) => {
      await (await connection.jetstreamManager({ timeout: ANSWER_MS })).getAccountInfo();
    });
  }

  private async asked(question: (connection: NatsConnection) => Promise<void>): Promise<void> {
    const connection = await connect({ servers: this.url, ...this.place.login, timeout: ANSWER_MS, reconnect: false });
    try {
      await question(connection);
    } finally {
      connection.close().catch(() => undefined);
    }
  }

  stop(): Promise<void> {
    return this.process.stop();
  }

  /** As a crash does: no goodbye to clients, nothing flushed by the server. */
  kill(): Promise<void> {
    return this.process.stop('SIGKILL');
  }

  async restart(livesWith: LivesWith): Promise<void> {
    await this.stop();
    await this.start(livesWith);
  }

  /** Deletes every stream; only while it is stopped. */
  wipe(): void {
    if (this.pid !== undefined) throw new Error('NATS is running: stop it before wiping its store');
    rmSync(this.place.folder, { recursive: true, force: true });
  }
}

/** A server whose disk is full goes on without, and says so to whoever connects. */
async function hasJetStream({ info }: NatsConnection): Promise<void> {
  if (info?.jetstream !== true) throw new Error('the server has no JetStream any more');
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    const settle = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
