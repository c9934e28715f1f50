import { chownSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writePrivate } from './files.ts';
import { ETCD_USER } from './etcd-server.ts';
import { commandLineOf, signalPid, treeOf } from './pids.ts';
import { POSTGRES_SETTINGS } from './postgres-server.ts';
import { noted } from './program.ts';
import type { RunAs } from './run-as.ts';
import { runningPid, ServerProcess, type LivesWith } from './server-process.ts';
import { within } from './within.ts';

export interface MemberPorts {
  readonly postgres: number;
  readonly api: number;
}

export interface PatroniPlace {
  readonly name: string;
  readonly program: string;
  /** The folder of Postgres's programs. */
  readonly binaries: string;
  readonly folder: string;
  readonly logFile: string;
  readonly ports: MemberPorts;
  /** Where the other members find it. */
  readonly peers: MemberPorts;
  readonly etcdPort: number;
  readonly runAs: RunAs;
  /** The superuser's; those of etcd, of the replication and of Patroni's API are not for people. */
  readonly password: string;
  readonly secret: string;
}

const SUPERUSER = 'postgres';
const LOOPBACK = '127.0.0.1';
const ANSWER_MS = 3_000;
const GONE_WITHIN_MS = 10_000;

/** What a member of the cell is at this moment, as Patroni says. */
export interface MemberState {
  readonly role: string;
  readonly state: string;
  readonly isSynchronous: boolean;
}

/**
 * Who leads is decided anew within `ttl` after the leader's last sign; a Postgres that died under a Patroni that lives
 * is not waited for. Why an acknowledged commit is on both: docs/decisions/0091.
 */
const CELL = {
  ttl: 12,
  loop_wait: 1,
  retry_timeout: 4,
  primary_start_timeout: 0,
  maximum_lag_on_failover: 1_048_576,
  synchronous_mode: true,
  failsafe_mode: true,
  postgresql: {
    use_pg_rewind: true,
    use_slots: true,
    parameters: {
      ...POSTGRES_SETTINGS,
      wal_log_hints: 'on',
      wal_sender_timeout: '5s',
      wal_receiver_timeout: '5s',
      wal_receiver_status_interval: '1s',
      wal_retrieve_retry_interval: '500ms',
    },
  },
};

/** A Postgres of our own that Patroni keeps: with others of the same etcd it is one database, written to one of them. */
export class PatroniMember {
  private readonly process: ServerProcess;
  private readonly configFile: string;
  private readonly data: string;

  constructor(private readonly place: PatroniPlace) {
    const { program, folder, logFile, runAs } = place;
    const pidFile = join(folder, 'pid');
    this.configFile = join(folder, 'patroni.yml');
    this.data = join(folder, 'data');
    this.process = new ServerProcess({
      name: place.name,
      command: () => noted(pidFile, [program, this.configFile]),
      folder: this.configFile,
      pidFile,
      logFile,
      runAs,
      stopSignal: 'SIGTERM',
      keeps: this.data,
      isReady: async () => (await this.state())?.state === 'running',
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** The Postgres that it keeps. */
  get postgresPid(): number | undefined {
    return runningPid({ folder: this.data, pidFile: join(this.data, 'postmaster.pid') });
  }

  /** Resolves when its Postgres runs, as leader or as a copy. Idempotent. */
  async start(livesWith: LivesWith): Promise<void> {
    const { folder, runAs } = this.place;
    mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writePrivate(this.configFile, JSON.stringify(this.config(), null, 2));
    for (const path of [folder, this.configFile]) if (runAs.uid !== undefined) chownSync(path, runAs.uid, runAs.gid);
    await this.process.start(livesWith);
  }

  async answers(): Promise<void> {
    if ((await this.state()) === null) throw new Error(`${this.place.name} does not say how it is`);
  }

  /** Null where nobody answers. */
  async state(): Promise<MemberState | null> {
    try {
      const response = await fetch(`http://${LOOPBACK}:${this.place.ports.api}/patroni`, {
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const said = (await response.json()) as { role: string; state: string; sync_standby?: boolean };
      return { role: said.role, state: said.state, isSynchronous: said.sync_standby === true };
    } catch {
      return null;
    }
  }

  /** In order, its Postgres first. */
  async stop(): Promise<void> {
    await this.process.stop();
    await this.endPostgres('SIGINT');
  }

  /** As the death of its machine: Patroni and its Postgres at once, and nothing is flushed. */
  async kill(): Promise<void> {
    await Promise.all([this.endPostgres('SIGKILL'), this.process.stop('SIGKILL')]);
  }

  /** Of a Patroni that is gone nobody stops the Postgres. */
  private async endPostgres(signal: NodeJS.Signals): Promise<void> {
    const pid = this.postgresPid;
    if (pid === undefined) return;
    for (const each of treeOf(pid)) signalPid(each, 'SIGCONT');
    signalPid(pid, signal);
    await within(GONE_WITHIN_MS, () => commandLineOf(pid) === '');
  }

  private config(): object {
    const { name, binaries, ports, peers, etcdPort, password, secret, folder } = this.place;
    const at = (port: number): string => `${LOOPBACK}:${port}`;
    return {
      scope: 'trading-core',
      name,
      restapi: {
        listen: at(ports.api),
        connect_address: at(peers.api),
        authentication: { username: 'patroni', password: secret },
      },
      // What etcd says of where it listens would lead past whatever stands between.
      etcd3: { hosts: [at(etcdPort)], use_proxies: true, username: ETCD_USER, password: secret },
      bootstrap: { dcs: CELL, initdb: [{ encoding: 'UTF8' }, { locale: 'C' }, 'data-checksums'] },
      postgresql: {
        listen: at(ports.postgres),
        connect_address: at(peers.postgres),
        data_dir: this.data,
        bin_dir: binaries,
        pgpass: join(folder, 'pgpass'),
        authentication: {
          superuser: { username: SUPERUSER, password },
          replication: { username: 'replicator', password: secret },
        },
        parameters: { unix_socket_directories: '', password_encryption: 'scram-sha-256' },
        pg_hba: [
          `host all all ${LOOPBACK}/32 scram-sha-256`,
          `host replication replicator ${LOOPBACK}/32 scram-sha-256`,
        ],
        basebackup: [{ checkpoint: 'fast' }],
        remove_data_directory_on_rewind_failure: true,
        remove_data_directory_on_diverged_timelines: true,
      },
    };
  }
}
