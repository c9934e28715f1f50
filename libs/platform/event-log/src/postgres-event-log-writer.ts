import type { Command } from '@core/contracts/command';
import type { Event } from '@core/contracts/event';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { KeyedQueue } from '@core/kernel/keyed-queue';
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
import { readAtHome, WrittenLog, type PlacedBatch } from './log-head.ts';
import { PostgresEventLog, type PostgresEventLogOptions } from './postgres-event-log.ts';
import { whileNothingMoves } from './detached/detached-ranges.ts';
import { heldOf, type KnownId } from './detached/held-events.ts';
import { sortBatch, type Held } from './sorted-batch.ts';
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
const TAKEN = '23505';
/** Another writer's commit: its token in `log_head`, or a position that is taken. */
const FENCED: readonly (string | undefined)[] = ['LF001', TAKEN];
/** What refuses an id that the log has. */
const IDENTITY = 'event_identity_pkey';

/**
 * glibc gives the top of a process's memory back after each batch, and has it given anew page by page for the next, until
 * a larger piece was once freed: that was a third of what a batch costs Postgres.
 */
const KEEP_MEMORY = `select length(repeat('x', 4000000))`;

const CHECKPOINT = `
  select intake_incarnation as incarnation, intake_sequence as sequence, intake_batchid as batchid from core.log_head`;

const APPEND = `select core.append_batch(${Array.from({ length: 26 }, (_, index) => `$${index + 1}`).join(', ')})`;
/** Of one whose event was detached only that it is known: what it tells stands in a file. */
const KNOWN = `
  select i.event_id as id, i.position, e.type, e.account_id as subject, e.schema_version as schemaversion,
    e.data::text as data
  from core.event_identity i left join core.event e on e.position = i.position where i.event_id = any($1::uuid[])`;

/**
 * The one writer. It holds an advisory lock and shows that it lives, so that a second instance stands by, and a token in
 * the database, so that a writer that lost the lock without noticing cannot commit: the lock is for peace, the token for
 * safety.
 */
export class PostgresEventLogWriter extends PostgresEventLog implements EventLogWriter {
  private readonly endLife: () => void;
  private readonly appending = new Set<Promise<unknown>>();
  /** Each batch stands on the one before it. */
  private readonly turns = new KeyedQueue(0);
  private readonly memory: WriterMemory;
  private readonly firstAnswers: CommandAnswers;

  private constructor(
    private readonly client: Client,
    private readonly options: WriterOptions,
    private readonly token: Uuid,
    private readonly written: WrittenLog,
    /** Whether this connection may change or delete what is in the log, which it should not. */
    readonly unrestricted: boolean,
  ) {
    super({ ...options, timeoutMs: options.appendTimeoutMs + HANGING_MS });
    this.endLife = showLife(client);
    this.memory = new WriterMemory(client, token, options, this.detached);
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
    await client.query(KEEP_MEMORY);
    await client.query(`set statement_timeout = ${options.appendTimeoutMs}`);
    const token = newId();
    await client.query('update core.log_head set writer = $1 where singleton', [token]);
    if (options.partitionEvents !== undefined)
      await client.query('update core.log_head set partition_events = $1', [options.partitionEvents]);
    const written = await WrittenLog.read(client);
    const writer = new PostgresEventLogWriter(client, options, token, written, unrestricted);
    await writer.memory.load();
    return writer;
  }

  append(batch: AppendBatch): Promise<Appended> {
    const appending = this.turns.always('append', () => this.commit(batch));
    const done = appending.catch(() => undefined).finally(() => this.appending.delete(done));
    this.appending.add(done);
    return appending;
  }

  private async commit(batch: AppendBatch): Promise<Appended> {
    const perhaps = batch.events.filter(({ id }) => this.memory.mayHave(id));
    if (perhaps.length > 0) await this.memory.knowAgain(perhaps);
    let sorted = sortBatch(batch.events, new Map());
    let placed = await this.write(batch, sorted.fresh);
    if (placed === null) {
      sorted = sortBatch(batch.events, await this.held(sorted.fresh));
      placed = await this.write(batch, sorted.fresh);
    }
    if (placed === null) throw new Error('the log knows events that it did not know a moment ago');

    const { recorded, before } = placed;
    const positions = new Map(sorted.repeated.length > 0 ? recorded.map(({ id, position }) => [id, position]) : []);
    const repeated = sorted.repeated.map(({ id }) => ({ id, position: positions.get(id) ?? 0 }));
    const ends = endsOf(batch, sorted.fresh);
    return {
      recorded,
      known: [...sorted.known, ...repeated],
      conflicting: sorted.conflicting,
      answers: new Map(
        batch.answers.map(({ commandid, answer }, index) => [
          commandid,
          answerAt(answer, before.position + (ends[index] ?? 0)),
        ]),
      ),
    };
  }

  accounts(): Promise<Set<AccountId>> {
    return readAtHome(this.pool);
  }

  async checkpoint(): Promise<IntakeCheckpoint | null> {
    const query = { text: CHECKPOINT, query_timeout: this.timeoutMs };
    const { rows } = await this.client.query<{ incarnation: string | null; sequence: string; batchid: Uuid | null }>(
      query,
    );
    const { incarnation = null, sequence, batchid = null } = rows[0] ?? {};
    return incarnation === null ? null : { incarnation, sequence: Number(sequence), batchid };
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

  /** What of these the log holds already. */
  private async held(events: readonly Event[]): Promise<Map<Uuid, Held>> {
    const query = { text: KNOWN, values: [events.map(({ id }) => id)], query_timeout: this.timeoutMs };
    const held = await whileNothingMoves(this.client, async (ranges) =>
      heldOf(this.detached, ranges, (await this.client.query<KnownId>(query)).rows),
    );
    return new Map(held.map((each) => [each.id, { ...each, position: Number(each.position) }]));
  }

  /** Null, and nothing is written, where the log knows one of these ids. */
  private async write(batch: AppendBatch, fresh: readonly Event[]): Promise<PlacedBatch | null> {
    const placed = this.written.place(fresh, this.options.build, batch.recordedtime);
    try {
      const values = this.valuesOf(batch, placed);
      const query = { name: 'core-append', text: APPEND, values, query_timeout: this.timeoutMs };
      await this.client.query(query);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      if (error.code === TAKEN && error.constraint === IDENTITY) return null;
      if (FENCED.includes(error.code)) throw new LogFenced();
      throw error;
    }
    this.written.moveTo(placed);
    return placed;
  }

  private valuesOf({ answers, quarantined, checkpoint }: AppendBatch, placed: PlacedBatch): unknown[] {
    const { before, after, recorded, columns, checksums, newAccounts } = placed;
    const bodies = quarantined.map((each) => ({ ...each, body: Buffer.from(each.body).toString('base64') }));
    return [
      this.token,
      ...[before.position, Buffer.from(before.digest, 'hex'), after.position, Buffer.from(after.digest, 'hex')],
      ...[placed.recordedtime, this.options.build, Buffer.from(checksums, 'hex')],
      ...columns,
      recorded.map(({ version }) => version).join(FIELD),
      newAccounts.join(FIELD),
      answers.map(({ commandid }) => commandid).join(FIELD),
      endsOf({ answers }, recorded).join(FIELD),
      answers.map(({ answer, content }) => JSON.stringify({ ...answer, content } satisfies StoredAnswer)).join(FIELD),
      bodies.length === 0 ? null : JSON.stringify(bodies),
      checkpoint?.incarnation ?? null,
      checkpoint?.sequence ?? null,
      checkpoint?.batchid ?? null,
    ];
  }
}

/** How many events of the batch each command's answer stands on: its own, or those of the commands before it. */
function endsOf({ answers }: Pick<AppendBatch, 'answers'>, fresh: readonly Pick<Event, 'id'>[]): number[] {
  if (answers.length === 0) return [];
  const places = new Map(fresh.map(({ id }, index) => [id, index + 1]));
  let end = 0;
  return answers.map(({ eventIds }) => (end = Math.max(end, ...eventIds.map((id) => places.get(id) ?? 0))));
}
