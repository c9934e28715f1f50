import { LOGINS, type LoginName } from '@core/service/logins';
import { natsAuthorization } from '@core/bus/nats-authorization';
import { prepareDatabase, prepareRegistry } from '@core/database/prepare-database';
import { urlAs } from '@core/database/service-roles';
import { present } from '@core/kernel/present';
import { diskLimitsOf } from '@core/machine/disk-limits';
import { writePrivate } from '@core/machine/files';
import { natsBinary } from '@core/machine/nats-binary';
import { Keeper, type KeepingTimes } from '@core/machine/keeper';
import { keptServer } from '@core/machine/kept-server';
import { NatsServer } from '@core/machine/nats-server';
import { PortBook, type PortChoice } from '@core/machine/ports';
import { postgresBinaries } from '@core/machine/postgres-binaries';
import { postgresPidFile, PostgresServer } from '@core/machine/postgres-server';
import { unprivileged, type RunAs } from '@core/machine/run-as';
import { runningPid, type LivesWith, type ServerFiles } from '@core/machine/server-process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { refuseFolderOfOthers } from './folder-maker.ts';
import { MACHINE_FOLDER, reachableFolder } from './reachable-folder.ts';
import { isSandbox, SANDBOX_EDGES } from './sandbox-folder.ts';
import type { SystemServers } from './servers.ts';
import { serverPasswords, type ServerPasswords } from './server-passwords.ts';

const USUAL_PORTS = { postgres: 15_432, nats: 14_222 };
const DATABASE = 'trading_core';
const SHARED_REGISTRY = 'registry';

export interface InfrastructureOptions {
  /** Everything a system keeps: databases, streams, logs, ports. Made when missing. */
  readonly folder: string;
  readonly ports: PortChoice;
  readonly livesWith: LivesWith;
  readonly say: (line: string) => void;
  /** Servers somebody else runs; nothing is started in their place. */
  readonly given: GivenServers;
}

export interface GivenServers {
  readonly databaseUrl?: string | undefined;
  readonly natsUrl?: string | undefined;
}

/** The registry that several systems have together, as its owner and as their services find it. */
export interface SharedRegistry {
  readonly url: string;
  readonly urlOf: (login: LoginName) => string;
}

/** What the environment names: `DATABASE_URL` and `NATS_URL`. */
export const givenServers = (): GivenServers => ({
  databaseUrl: process.env.DATABASE_URL || undefined,
  natsUrl: process.env.NATS_URL || undefined,
});

/**
 * Postgres and NATS JetStream for a data folder: the given servers,
 * or our own where there are none. The caller holds the folder's lock.
 */
export class Infrastructure implements SystemServers {
  private keeper: Keeper | undefined;

  private constructor(
    private readonly folders: Folders,
    private readonly livesWith: LivesWith,
    private readonly given: GivenServers,
    private readonly passwords: ServerPasswords,
    /** Which ports this folder's servers have; further services claim theirs here. */
    readonly ports: PortBook,
    /** Ours; `null` when `DATABASE_URL` names another. */
    readonly postgres: PostgresServer | null,
    /** Ours; `null` when `NATS_URL` names another. */
    readonly nats: NatsServer | null,
  ) {}

  /** Finds programs and ports; starts nothing. */
  static async open({ folder, ports, livesWith, say, given }: InfrastructureOptions): Promise<Infrastructure> {
    refuseFolderOfOthers(folder, 'npm start');
    const runAs = unprivileged();
    const folders = foldersOf(resolve(folder), runAs);
    if (folders.postgres !== join(folders.data, 'postgres')) {
      say(`${folders.data} is closed to the user Postgres runs as: its files are in ${folders.postgres}`);
    }
    const passwords = serverPasswords(folders.data, existsSync(join(folders.postgres, 'PG_VERSION')));
    const book = new PortBook(join(folders.data, 'ports.json'), ports);
    const postgres = given.databaseUrl ? null : await ownPostgres(folders, book, runAs, passwords);
    const nats = given.natsUrl ? null : await ownNats(folders, book, say, passwords);
    return new Infrastructure(folders, livesWith, given, passwords, book, postgres, nats);
  }

  /** The database, as its owner. */
  get databaseUrl(): string {
    return this.postgres?.urlOf(DATABASE) ?? present(this.given.databaseUrl, 'without a Postgres of ours it is set');
  }

  /** The database as a service finds it, once `prepare` was called: in a Postgres of ours each logs in as itself. */
  readonly databaseUrlOf = (login: LoginName): string =>
    this.postgres === null ? this.databaseUrl : urlAs(this.databaseUrl, login, this.passwords.logins[login]);

  /** NATS, as its owner. */
  get natsUrl(): string {
    return this.natsUrlAs('owner', this.passwords.owner);
  }

  /** NATS as a service finds it: to one of ours each logs in as itself. */
  readonly natsUrlOf = (login: LoginName): string => this.natsUrlAs(login, this.passwords.logins[login]);

  /** Starts what is ours and not running; resolves when both answer. */
  async up(): Promise<void> {
    const postgres = this.postgres?.start(this.livesWith).then(() => this.postgres?.createDatabase(DATABASE));
    await Promise.all([postgres, this.nats?.start(this.livesWith)]);
  }

  /** From now on what is ours is started again when it ends, and replaced when it says nothing any more. */
  keepUp(say: (line: string) => void, times?: KeepingTimes): void {
    const { postgres, nats, livesWith } = this;
    const kept = [
      ...(postgres === null ? [] : [keptServer('Postgres', postgres, livesWith)]),
      ...(nats === null ? [] : [keptServer('NATS', nats, livesWith)]),
    ];
    this.keeper = new Keeper(kept, say, times);
    this.keeper.start();
  }

  /** Makes a database of ours fit for the services; a given one is as its owner made it. */
  async prepare(): Promise<void> {
    if (this.postgres === null) return;
    await prepareDatabase(this.databaseUrl, this.passwords.logins);
  }

  /** A database beside the others, with the registry of several systems. Throws without a Postgres of ours. */
  async prepareSharedRegistry(): Promise<SharedRegistry> {
    if (this.postgres === null) throw new Error('several cells have a Postgres of their own each: unset DATABASE_URL');
    const url = await this.postgres.createDatabase(SHARED_REGISTRY);
    const { logins } = this.passwords;
    await prepareRegistry(url, logins);
    return { url, urlOf: (login) => urlAs(url, login, logins[login]) };
  }

  /** Stops what is ours, in order. */
  async down(): Promise<void> {
    await this.keeper?.stop();
    await Promise.all([this.postgres?.stop(), this.nats?.stop()]);
  }

  private natsUrlAs(user: string, password: string): string {
    if (this.nats === null) return present(this.given.natsUrl, 'without a NATS of ours it is set');
    return this.nats.url.replace('://', `://${user}:${password}@`);
  }

  /** Stops what is ours and deletes the data folder: for throw-away systems. */
  async remove(): Promise<void> {
    await this.down();
    for (const folder of [this.folders.postgres, this.folders.data]) rmSync(folder, { recursive: true, force: true });
  }
}

interface Folders {
  readonly data: string;
  readonly postgres: string;
  readonly logs: string;
}

function foldersOf(data: string, runAs: RunAs): Folders {
  const logs = join(data, 'logs');
  mkdirSync(logs, { recursive: true });
  return { data, logs, postgres: join(reachableFolder(data, runAs), 'postgres') };
}

async function ownPostgres(
  folders: Folders,
  ports: PortBook,
  runAs: RunAs,
  { owner: password }: ServerPasswords,
): Promise<PostgresServer> {
  const files = { folder: folders.postgres, pidFile: postgresPidFile(folders.postgres) };
  return new PostgresServer({
    walMegabytes: diskLimitsOf(folders.postgres, !existsSync(join(folders.postgres, 'PG_VERSION'))).walMegabytes,
    binaries: () => postgresBinaries(MACHINE_FOLDER, runAs.uid !== undefined),
    folder: folders.postgres,
    logFile: join(folders.logs, 'postgres.log'),
    port: await portOf('postgres', ports, files),
    runAs,
    password,
  });
}

async function ownNats(
  folders: Folders,
  ports: PortBook,
  say: (line: string) => void,
  { owner, logins }: ServerPasswords,
): Promise<NatsServer> {
  const configFile = join(folders.data, 'nats.conf');
  const admitted = isSandbox(folders.data) ? SANDBOX_EDGES : LOGINS;
  writePrivate(
    configFile,
    natsAuthorization((login) => JSON.stringify(logins[login]), JSON.stringify(owner), admitted),
  );
  const files = { folder: join(folders.data, 'nats'), pidFile: join(folders.data, 'nats.pid') };
  return new NatsServer({
    ...files,
    binary: () => natsBinary(say),
    logFile: join(folders.logs, 'nats.log'),
    configFile,
    login: { user: 'owner', pass: owner },
    port: await portOf('nats', ports, files),
  });
}

/** A server that still runs has its port already. */
async function portOf(name: keyof typeof USUAL_PORTS, ports: PortBook, files: ServerFiles): Promise<number> {
  const known = runningPid(files) === undefined ? undefined : ports.known(name);
  return known ?? ports.claim(name, USUAL_PORTS[name]);
}
