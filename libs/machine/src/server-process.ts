import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { fileText } from './files.ts';
import { commandLineOf, signalPid } from './pids.ts';
import type { RunAs } from './run-as.ts';
import { within } from './within.ts';

export interface ServerFiles {
  /** Stands in the command line of this server and of no other: its data folder. */
  readonly folder: string;
  /** Written by the server itself, its pid on the first line. */
  readonly pidFile: string;
}

export interface ServerDescription extends ServerFiles {
  readonly name: string;
  /** Asked for only when there is something to start, because finding a program may mean fetching it. */
  command(): readonly [program: string, ...args: string[]];
  readonly logFile: string;
  readonly runAs: RunAs;
  /** Ends the server in order. */
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  /** Stands in the command line of what it runs beside itself, and leaves behind where it is killed. */
  readonly keeps?: string;
  /** Asked only while the process runs. */
  isReady(): boolean | Promise<boolean>;
}

/** `owner`: the server ends when this process does, however it ends. `itself`: it stays until it is stopped. */
export type LivesWith = 'owner' | 'itself';

/** A server did not come up or would not stop; the message holds the end of its log. */
export class ServerFailed extends Error {
  readonly code = 'server-failed';

  constructor(name: string, what: string, log: string) {
    super(`${name} ${what}${log === '' ? '' : `; its log ends with\n${log}`}`);
    this.name = 'ServerFailed';
  }
}

/** A bound against never: a copy of a database is made meanwhile, perhaps on a busy machine. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 20_000;
const LOG_TAIL_LINES = 8;

/** Told to a guard that is needed no more. */
const LET_GO = 'let go';

/**
 * Waits on a pipe whose other end only the owner holds: the system closes it when the owner is gone, even by SIGKILL.
 * `sh` starts background commands with `/dev/null` as input, hence the copy of the pipe.
 * A frozen server hears nothing before it goes on. What it keeps has ten seconds to end with it, and is then ended at
 * once; its files may be gone by then.
 */
const GUARD = `
  exec 3<&0
  "$@" 3<&- & server=$!
  {
    [ -n "$(cat <&3)" ] && exit
    kill -s "$STOP_SIGNAL" $server
    kill -s CONT $server
    [ -n "$KEPT" ] || exit
    for second in 1 2 3 4 5 6 7 8 9 10; do kill -0 $server && sleep 1; done
    for kept in $(ps -A -ww -o pid=,command= | awk 'index($0, ENVIRON["KEPT"]) { print $1 }'); do
      kill -s QUIT $kept
      kill -s CONT $kept
    done
    for second in 1 2 3 4 5 6 7 8 9 10; do kill -0 $server && sleep 1; done
    kill -0 $server && kill -s KILL $server
  } 2>/dev/null &
  exec 3<&-
  wait $server
`;

/** A server program and its pid file: what is running is found again by any later process. */
export class ServerProcess {
  private guard: ChildProcess | null = null;

  constructor(private readonly server: ServerDescription) {}

  get pid(): number | undefined {
    return runningPid(this.server);
  }

  async isUp(): Promise<boolean> {
    return this.pid !== undefined && (await this.server.isReady());
  }

  /** Resolves when it answers; at once when it already does. Throws `ServerFailed`. */
  async start(livesWith: LivesWith): Promise<void> {
    if (this.pid === undefined) {
      rmSync(this.server.pidFile, { force: true });
      // Of a server that ended by itself: it would end whoever has that pid by then.
      this.letGo();
    }
    const child = this.pid === undefined ? this.spawn(livesWith) : null;
    await within(START_TIMEOUT_MS, async () => child?.exitCode != null || (await this.isUp()));
    if (!(await this.isUp())) throw new ServerFailed(this.server.name, 'did not start', this.logTail());
  }

  /** Ends the server by its own clean way, or by another signal; resolves when the process is gone. */
  async stop(signal: NodeJS.Signals = this.server.stopSignal): Promise<void> {
    const { pid } = this;
    if (pid !== undefined) {
      signalPid(pid, signal);
      // One that was frozen hears it only then.
      signalPid(pid, 'SIGCONT');
      const gone = await within(STOP_TIMEOUT_MS, () => commandLineOf(pid) === '');
      if (!gone) throw new ServerFailed(this.server.name, 'did not stop', this.logTail());
    }
    this.letGo();
  }

  private letGo(): void {
    this.guard?.stdin?.end(LET_GO);
    this.guard = null;
  }

  private spawn(livesWith: LivesWith): ChildProcess {
    const log = openSync(this.server.logFile, 'a');
    const [program, ...args] = this.server.command();
    const options = { ...this.server.runAs, cwd: '/', detached: true } as const;
    const child =
      livesWith === 'owner'
        ? spawn('sh', ['-c', GUARD, 'sh', program, ...args], {
            ...options,
            stdio: ['pipe', log, log],
            env: {
              ...process.env,
              STOP_SIGNAL: this.server.stopSignal.slice('SIG'.length),
              KEPT: this.server.keeps ?? '',
            },
          })
        : spawn(program, args, { ...options, stdio: ['ignore', log, log] });
    closeSync(log);
    child.unref();
    if (livesWith === 'owner') this.guard = child;
    // A guard that is gone needs no word.
    child.stdin?.on('error', () => undefined);
    return child;
  }

  private logTail(): string {
    return fileText(this.server.logFile).trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  }
}

/** The pid if the server runs; a pid that meanwhile belongs to another program does not count. */
export function runningPid({ pidFile, folder }: ServerFiles): number | undefined {
  const pid = Number(fileText(pidFile).split('\n')[0]);
  return pid > 0 && commandLineOf(pid).includes(folder) ? pid : undefined;
}
