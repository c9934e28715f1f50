import { EventLog } from '@core/event-log/event-log';
import { stateChanges } from '@core/projection-runner/state-changes';
import { accountOverview } from '@core/projections/overview';
import { REPLAY_KEYS, type ReplayState } from '@core/operations/replay-state';
import type { AccountId } from '@core/contracts/primitives';
import { ConflictException, Injectable, NotFoundException, type OnApplicationShutdown } from '@nestjs/common';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AccountStandings } from './accounts.ts';
import { OperatorSettings, ReplaySettings } from './config.ts';
import { ReplayProcess } from './replay-process.ts';

/** What is played where; `to` is as far as the log has come where it is null. */
export interface ReplayRange {
  readonly sandbox: string;
  readonly from: string;
  readonly to: string | null;
  readonly speed: string;
  readonly edges: readonly string[];
  readonly isPaused: boolean;
}

/** A replay that runs, or the last that ran. */
export interface ReplayAnswer {
  /** Sandboxes that there are: another replay into one goes on where it ended. */
  readonly sandboxes: readonly string[];
  readonly replay: {
    readonly asked: ReplayRange;
    readonly operator: string;
    readonly isRunning: boolean;
    /** Null until its sandbox is open. */
    readonly state: ReplayState | null;
    /** Why it ended without having done it; null otherwise. */
    readonly failure: string | null;
  } | null;
}

/** What is otherwise in the log now than it was where a replay stands. */
export interface ReplayDifference {
  readonly position: number;
  readonly head: number;
  /** Only accounts of which something is. */
  readonly accounts: readonly {
    readonly account: AccountId;
    readonly name: string;
    /** Fields that are not the same, the first few by name. */
    readonly fields: number;
    readonly some: readonly string[];
  }[];
}

const FIELDS_NAMED = 5;

/** Plays the log in sandboxes of this machine, one at a time, by `ops replay`. */
@Injectable()
export class Replays implements OnApplicationShutdown {
  private running: { readonly asked: ReplayRange; readonly operator: string; readonly process: ReplayProcess } | null =
    null;

  constructor(
    private readonly settings: ReplaySettings,
    private readonly database: OperatorSettings,
    private readonly log: EventLog,
    private readonly accounts: AccountStandings,
  ) {}

  /** Whether this console was told how. */
  get isThere(): boolean {
    return this.settings.command.length > 0 && this.database.databaseUrl !== undefined;
  }

  async read(): Promise<ReplayAnswer> {
    const found = await readdir(this.settings.folder).catch(() => []);
    if (this.running === null) return { sandboxes: found.toSorted(), replay: null };
    const { asked, operator, process } = this.running;
    const { isRunning, state, failure } = process;
    return { sandboxes: found.toSorted(), replay: { asked, operator, isRunning, state, failure } };
  }

  begin(asked: ReplayRange, operator: string): void {
    const { databaseUrl, registryDatabaseUrl = '' } = this.database;
    if (!this.isThere || databaseUrl === undefined)
      throw new NotFoundException('this console plays no log: it has no REPLAY_COMMAND, or no OPERATOR_DATABASE_URL');
    if (this.running?.process.isRunning) throw new ConflictException('a replay runs: end it first');
    const { sandbox, from, to, speed, edges, isPaused } = asked;
    const args = [
      ...['replay', '--follow', '--into', join(this.settings.folder, sandbox), '--from', from, '--speed', speed],
      ...(to === null ? [] : ['--to', to]),
      ...(edges.length === 0 ? [] : ['--edges', ...edges]),
      ...(isPaused ? ['--paused'] : []),
    ];
    const process = new ReplayProcess([...this.settings.command, ...args], {
      DATABASE_URL: databaseUrl,
      REGISTRY_DATABASE_URL: registryDatabaseUrl,
    });
    this.running = { asked, operator, process };
  }

  async press(key: keyof typeof REPLAY_KEYS): Promise<void> {
    if (!this.running?.process.isRunning) throw new ConflictException('no replay runs');
    if (key === 'end') await this.running.process.end();
    else this.running.process.press(key);
  }

  /** The sandbox has the very log up to there: what differs is what became of it since. */
  async difference(): Promise<ReplayDifference> {
    const position = this.running?.process.state?.position;
    if (position === undefined) throw new ConflictException('no replay has come anywhere yet');
    const head = await this.log.head();
    const differing: ReplayDifference['accounts'][number][] = [];
    for (const { id: account, name } of this.accounts.standings()) {
      const changes = await stateChanges(this.log, accountOverview, account, { from: position, to: head });
      const some = changes.slice(0, FIELDS_NAMED).map(({ path }) => path.join('.'));
      if (changes.length > 0) differing.push({ account, name, fields: changes.length, some });
    }
    return { position, head, accounts: differing };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.running?.process.end();
  }
}
