import type { Command } from '@core/contracts/command';
import type { Event, RecordedEvent } from '@core/contracts/event';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { FIELD } from '@core/log-proof/line';
import { newId } from '@core/service/clock';
import { PrimaryClient } from '@core/service/primary-client';
import { DatabaseError, type Client } from 'pg';
import { answerAt, CommandAnswers, type StoredAnswer } from './command-answers.ts';
import {
  LogFenced,
  type AppendBatch,
  type Appended,
  type EventLogWriter,
  type IntakeCheckpoint,
  type KeptAnswer,
  type Quarantined,
} from './event-log.ts';
import type { ForgottenCounts, Horizons } from './forgetting.ts';
import { giveUpRights } from './give-up-rights.ts';
import { PostgresEventLog, type PostgresEventLogOptions } from './postgres-event-log.ts';
import { heldOf, type KnownId } from './detached/held-events.ts';
import { sortBatch } from './sorted-batch.ts';
import { encodeEvent } from './stored-line.ts';
import { showLife, takeWriterLock } from './writer-lock.ts';
import { WriterMemory } from './writer-memory.ts';

export interface WriterOptions extends PostgresEventLogOptions {
  /** Who writes, e.g. `ledger@0.1.0+d28784a`; stands in every batch. */
  readonly build: string;
  /** A batch that takes longer has failed, with unknown outcome; so has a read. */
  readonly appendTimeoutMs: number;
  /** A writer that shows no sign of life for so long is ended by who waits for its place. */
  readonly silentMs?: number;
  /** Memory for which ids were forgotten. */
  readonly forgottenBytes?: number;
  /** Of partitions that are made from now on. */
  readonly partitionEvents?: number | undefined;
  /** The connection is gone and with it the lock: end the process. */
  readonly onLost: (error: Error) => void;
  /** Another one writes: this one waits until it does no more. */
  readonly onStandby?: () => void;
}

/** How long the server may take to let a writer in; after that it may be waited for as long as another one lives. */
const CONNECT_TIMEOUT_MS = 10_000;
/** A server that is gone without a word is found out while its lock is waited for. */
const KEEP_ALIVE_MS = 10_000;
/** A server that answers says itself that a batch took too long; one that hangs says nothing. */
const HANGING_MS = 1_000;

/** A standby has taken over within five seconds of the holder's last word. */
const SILENT_MS = 3_000;
/** Another writer's commit: its token in `log_head`, or a position that is taken. */
const FENCED: readonly (string | undefined)[] = ['LF001', '23505'];

/** One look-up for each: an account that has departed has nothing after that. It may be noted of one whose last event was detached. */
const AT_HOME = `
  select head.account_id from core.account_head head
  left join lateral (
    select type from core.event where account_id = head.account_id and version = head.version limit 1
  ) as last on true
  where last.type is distinct from 'AccountDeparted' and head.departed_version is distinct from head.version`;

const APPEND = `select * from core.append_batch(${Array.from({ length: 20 }, (_, index) => `$${index + 1}`).join(', ')})`;

interface AppendReply {
  readonly head: string;
  readonly recordedtime: string | null;
  readonly versions: string | null;
  readonly known: readonly KnownId[] | null;
}

/**
 * The one writer. It holds an advisory lock and shows that it lives, so that a second instance stands by, and a token in
 * the database, so that a writer that lost the lock without noticing cannot commit: the lock is for peace, the token for
 * safety.
 */
export class PostgresEventLogWriter extends PostgresEventLog implements EventLogWriter {
  private readonly token = newId();
  private readonly endLife: () => void;
  private readonly appending = new Set<Promise<unknown>>();
  private readonly memory: WriterMemory;
  private readonly firstAnswers: CommandAnswers;

  private constructor(
    private readonly client: Client,
    private readonly options: WriterOptions,
    /** Whether this connection may change or delete what is in the log, which it should not. */
    readonly unrestricted: boolean,
  ) {
    super({ ...options, timeoutMs: options.appendTimeoutMs + HANGING_MS });
    this.endLife = showLife(client);
    this.memory = new WriterMemory(client, this.token, options, this.detached);
    this.firstAnswers = new CommandAnswers({
      pool: this.pool,
      mayHaveForgotten: (id) => this.mayHaveForgotten(id),
      readCausedBy: (account, cause) => this.readCausedBy(account, cause),
    });
  }

  /** Waits, as long as it takes, until no other writer lives that holds the lock, then takes over. */
  static async open(options: WriterOptions): Promise<PostgresEventLogWriter> {
    const { silentMs = SILENT_MS, onStandby } = options;
    return PostgresEventLogWriter.connect(options, (client) => takeWriterLock(client, silentMs, onStandby));
  }

  /** Takes over from whoever writes, lock or no lock. For tests of what the token is there for. */
  static seize(options: WriterOptions): Promise<PostgresEventLogWriter> {
    return PostgresEventLogWriter.connect(options, () => Promise.resolve());
  }

  private static async connect(
    options: WriterOptions,
    lock: (client: Client) => Promise<unknown>,
  ): Promise<PostgresEventLogWriter> {
    const client = new PrimaryClient({
      connectionString: options.url,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    client.on('error', options.onLost);
    await client.connect();
    await lock(client);
    const unrestricted = !(await giveUpRights(client));
    await client.query(`set statement_timeout = ${options.appendTimeoutMs}`);
    const writer = new PostgresEventLogWriter(client, options, unrestricted);
    await client.query('select core.take_over($1)', [writer.token]);
    if (options.partitionEvents !== undefined)
      await client.query('update core.log_head set partition_events = $1', [options.partitionEvents]);
    await writer.memory.load();
    return writer;
  }

  append(batch: AppendBatch): Promise<Appended> {
    const appending = this.commit(batch);
    const done = appending.catch(() => undefined).finally(() => this.appending.delete(done));
    this.appending.add(done);
    return appending;
  }

  private async commit(batch: AppendBatch): Promise<Appended> {
    const perhaps = batch.events.filter(({ id }) => this.memory.mayHave(id));
    if (perhaps.length > 0) await this.memory.knowAgain(perhaps);
    let sorted = sortBatch(batch.events, new Map());
    let reply = await this.call(batch, sorted.fresh);
    if (reply.known) {
      const held = await heldOf(this.pool, this.detached, reply.known);
      sorted = sortBatch(batch.events, new Map(held.map((each) => [each.id, each])));
      reply = await this.call(batch, sorted.fresh);
    }
    if (reply.recordedtime === null) throw new Error('the log knows events that it did not know a moment ago');

    const head = Number(reply.head);
    const recorded = place(sorted.fresh, head, reply.versions?.split(',') ?? [], reply.recordedtime);
    const positions = new Map(sorted.repeated.length > 0 ? recorded.map(({ id, position }) => [id, position]) : []);
    const repeated = sorted.repeated.map(({ id }) => ({ id, position: positions.get(id) ?? 0 }));
    const ends = endsOf(batch, sorted.fresh);
    return {
      recorded,
      known: [...sorted.known, ...repeated],
      conflicting: sorted.conflicting,
      answers: new Map(
        batch.answers.map(({ commandid, answer }, index) => [commandid, answerAt(answer, head + (ends[index] ?? 0))]),
      ),
    };
  }

  async accounts(): Promise<Set<AccountId>> {
    const { rows } = await this.pool.query<{ account_id: AccountId }>(AT_HOME);
    return new Set(rows.map(({ account_id }) => account_id));
  }

  async checkpoint(): Promise<IntakeCheckpoint | null> {
    const query = {
      text: 'select incarnation, sequence, batchid from core.intake_checkpoint',
      query_timeout: this.timeoutMs,
    };
    const { rows } = await this.client.query<{ incarnation: string; sequence: string; batchid: Uuid | null }>(query);
    return rows[0] ? { ...rows[0], sequence: Number(rows[0].sequence) } : null;
  }

  async quarantined(messageId: string): Promise<Quarantined | null> {
    const { rows } = await this.pool.query<Quarantined>(
      'select message_id as "messageId", origin, reason, detail, body from core.quarantine where message_id = $1',
      [messageId],
    );
    return rows[0] ?? null;
  }

  answers(commands: readonly Command[]): Promise<ReadonlyMap<Uuid, KeptAnswer>> {
    return this.firstAnswers.to(commands);
  }

  answeredOf(commandids: readonly Uuid[]): Promise<ReadonlySet<Uuid>> {
    return this.firstAnswers.keptOf(commandids);
  }

  answered(): AsyncIterable<readonly Uuid[]> {
    return this.firstAnswers.all();
  }

  lookUpCommandsOf(account: AccountId): Promise<void> {
    return this.memory.lookUpCommandsOf(account);
  }

  mayHaveForgotten(id: Uuid): boolean {
    return this.memory.mayHave(id);
  }

  forget(horizons: Horizons): Promise<ForgottenCounts> {
    return this.memory.forget(horizons, () => Promise.all(this.appending));
  }

  /** From 0 to 1: how full the memory of forgotten ids is. */
  get forgottenFill(): number {
    return this.memory.fill;
  }

  override async close(): Promise<void> {
    this.endLife();
    await Promise.all([this.client.end(), super.close()]);
  }

  private get timeoutMs(): number {
    return this.options.appendTimeoutMs + HANGING_MS;
  }

  private async call(batch: AppendBatch, fresh: readonly Event[]): Promise<AppendReply> {
    const { checkpoint, answers, quarantined } = batch;
    const columns = columnsOf(fresh);
    const values = [
      this.token,
      batch.recordedtime,
      this.options.build,
      ...columns,
      answers.map(({ commandid }) => commandid).join(FIELD),
      endsOf(batch, fresh).join(FIELD),
      answers.map(({ answer, content }) => JSON.stringify({ ...answer, content } satisfies StoredAnswer)).join(FIELD),
      JSON.stringify(quarantined.map((each) => ({ ...each, body: Buffer.from(each.body).toString('base64') }))),
      checkpoint?.incarnation ?? null,
      checkpoint?.sequence ?? null,
      checkpoint?.batchid ?? null,
    ];
    try {
      const query = { name: 'core-append', text: APPEND, values, query_timeout: this.timeoutMs };
      const { rows } = await this.client.query<AppendReply>(query);
      if (!rows[0]) throw new Error('core.append_batch returned nothing');
      return rows[0];
    } catch (error) {
      if (error instanceof DatabaseError && FENCED.includes(error.code)) throw new LogFenced();
      throw error;
    }
  }
}

/** The nine columns of the events, and each event's ordinal among those of its account. */
function columnsOf(events: readonly Event[]): string[] {
  const rows = events.map(encodeEvent);
  const ordinals = new Map<AccountId, number>();
  const ordinalOf = ({ subject }: Event): number => {
    const ordinal = (ordinals.get(subject) ?? 0) + 1;
    ordinals.set(subject, ordinal);
    return ordinal;
  };
  const columns = FIELDS.map((field) => rows.map((row) => row[field]).join(FIELD));
  return [...columns, events.map(ordinalOf).join(FIELD)];
}

const FIELDS = [0, 1, 2, 3, 4, 5, 6, 7, 8];

/** The spread comes last: fields added to a copy of another object cost ten times as much. */
const place = (events: readonly Event[], head: number, versions: readonly string[], recordedtime: string) =>
  events.map((event, index): RecordedEvent => ({
    position: head + index + 1,
    version: Number(versions[index]),
    recordedtime,
    ...event,
  }));

/** How many events of the batch each command's answer stands on: its own, or those of the commands before it. */
function endsOf({ answers }: AppendBatch, fresh: readonly Event[]): number[] {
  if (answers.length === 0) return [];
  const places = new Map(fresh.map(({ id }, index) => [id, index + 1]));
  let end = 0;
  return answers.map(({ eventIds }) => (end = Math.max(end, ...eventIds.map((id) => places.get(id) ?? 0))));
}
