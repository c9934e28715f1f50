import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client, DatabaseError } from 'pg';
import { ensureDatabase } from './ensure-database.ts';
import { fileText } from './files.ts';
import type { RunAs } from './run-as.ts';
import { ServerFailed, ServerProcess, type LivesWith } from './server-process.ts';

const SUPERUSER = 'postgres';

/**
 * Durable as in production (fsync and synchronous commit stay on); memory for a developer's machine. Connections for
 * every service of `npm start` twice over, or for the specs that share one server: those that wait for none are cheap.
 */
export const POSTGRES_SETTINGS = {
  max_connections: '600',
  shared_buffers: '256MB',
  fsync: 'on',
  synchronous_commit: 'on',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  jit: 'off',
};

const LOOPBACK_ONLY = { listen_addresses: '127.0.0.1', unix_socket_directories: '' };

const ANSWER_MS = 5_000;

export const postgresPidFile = (folder: string): string => join(folder, 'postmaster.pid');

export interface PostgresPlace {
  /** Finds the folder with `initdb` and `postgres`. */
  binaries(): string;
  readonly folder: string;
  readonly logFile: string;
  readonly port: number;
  readonly runAs: RunAs;
  /** How far its log may grow between two checkpoints; as in `POSTGRES_SETTINGS` without it. */
  readonly walMegabytes?: number;
  /** The superuser's; asked of whoever connects. */
  readonly password: string;
}

/** A Postgres of our own on this machine's loopback address, which lets in nobody without a password. */
export class PostgresServer {
  private readonly process: ServerProcess;

  constructor(private readonly place: PostgresPlace) {
    const { walMegabytes } = place;
    const own = walMegabytes === undefined ? {} : { max_wal_size: `${walMegabytes}MB`, min_wal_size: '32MB' };
    const settings = Object.entries({ ...LOOPBACK_ONLY, ...POSTGRES_SETTINGS, ...own }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const pidFile = postgresPidFile(place.folder);
    this.process = new ServerProcess({
      name: 'Postgres',
      command: () => [join(place.binaries(), 'postgres'), '-D', place.folder, '-p', String(place.port), ...settings],
      folder: place.folder,
      pidFile,
      logFile: place.logFile,
      runAs: place.runAs,
      stopSignal: 'SIGINT',
      isReady: () => /^ready/m.test(fileText(pidFile)),
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  get url(): string {
    return this.urlOf(SUPERUSER);
  }

  urlOf(database: string): string {
    return `postgres://${SUPERUSER}:${this.place.password}@127.0.0.1:${this.place.port}/${database}`;
  }

  /** Makes the data folder the first time. Idempotent. */
  async start(livesWith: LivesWith): Promise<void> {
    if (!existsSync(join(this.place.folder, 'PG_VERSION'))) this.initialize();
    await this.process.start(livesWith);
  }

  /** Rejects where it runs and says nothing; that it has no room for another connection is an answer. */
  async answers(): Promise<void> {
    const patience = { connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS };
    const client = new Client({ connectionString: this.url, ...patience });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
    } finally {
      // A server that hangs does not say goodbye either.
      client.end().catch(() => undefined);
    }
  }

  /** In order: open transactions are rolled back, everything is flushed. */
  stop(): Promise<void> {
    return this.process.stop();
  }

  /** As after a power failure: every backend ends at once, nothing is flushed, the next start recovers from the log. */
  kill(): Promise<void> {
    return this.process.stop('SIGQUIT');
  }

  async restart(livesWith: LivesWith): Promise<void> {
    await this.stop();
    await this.start(livesWith);
  }

  /** Creates a database unless there is one of that name; returns its URL. */
  async createDatabase(name: string): Promise<string> {
    await ensureDatabase(this.url, name);
    return this.urlOf(name);
  }

  private initialize(): void {
    const { folder, runAs, password } = this.place;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
    mkdirSync(folder, { mode: 0o700 });
    const passwordFile = `${folder}.password`;
    writeFileSync(passwordFile, password, { mode: 0o600 });
    for (const path of [folder, passwordFile]) if (runAs.uid !== undefined) chownSync(path, runAs.uid, runAs.gid);
    const login = ['-U', SUPERUSER, '-A', 'scram-sha-256', '--pwfile', passwordFile];
    const options = ['-D', folder, ...login, '--no-locale', '-E', 'UTF8', '--no-instructions'];
    const made = spawnSync(join(this.place.binaries(), 'initdb'), options, { ...runAs, cwd: '/', encoding: 'utf8' });
    rmSync(passwordFile, { force: true });
    if (made.status === 0) return;
    rmSync(folder, { recursive: true, force: true });
    throw new ServerFailed('Postgres', 'could not make its data folder', made.error?.message ?? made.stderr);
  }
}
