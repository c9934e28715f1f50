import type { Event, RecordedEvent } from '@core/contracts/event';
import { newId } from '@core/service/clock';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Pool } from 'pg';
import { checkpointsAfter } from '../checkpoint-table.ts';
import { aBatch, anEquityMark } from '../event-log.contract.ts';
import type { EventLog } from '../event-log.ts';
import { sealNext } from '../log-sealer.ts';
import { migrateEventLog } from '../migrations.ts';
import { PostgresEventLogWriter } from '../postgres-event-log-writer.ts';
import { PostgresEventLog, type PostgresEventLogOptions } from '../postgres-event-log.ts';
import { verifyLog, verifyMoment, type Verification, type Witness } from '../verify.ts';
import { Attaching, type AttachStep } from './attaching.ts';
import { DetachedLog } from './detached-log.ts';
import type { DetachedRange } from './detached-ranges.ts';
import { LogFile } from './log-file-reader.ts';
import type { SectionHead } from './log-file.ts';
import { LogFileWriter } from './log-file-writer.ts';
import { Detaching, type DetachStep } from './detaching.ts';

/** A log with partitions of twenty events each, a checkpoint about every twelve, and a folder for what is detached. */
export class DetachableLog {
  readonly keys = generateKeyPairSync('ed25519');
  readonly ada = newId();
  readonly events: Event[] = [];
  /** Ranges that came back, as they were told. */
  readonly told: string[] = [];
  /** With the owner's rights. */
  readonly client: Client;
  readonly pool: Pool;
  private second = 0;

  private constructor(
    readonly database: FreshDatabase,
    readonly folder: string,
    readonly writer: PostgresEventLogWriter,
  ) {
    this.client = new Client({ connectionString: database.url });
    this.pool = new Pool({ connectionString: database.url, max: 2 });
  }

  static async open(): Promise<DetachableLog> {
    const database = await freshDatabase();
    await migrateEventLog(database.url);
    const folder = await mkdtemp(join(tmpdir(), 'detached-'));
    const small = new Client({ connectionString: database.url });
    await small.connect();
    await small.query('update core.log_head set partition_events = 20');
    await small.query('select core.partition_until(200)');
    await small.query('update core.log_head set partition_events = 200000');
    await small.end();
    const writer = await writerOf(database.url, folder);
    const log = new DetachableLog(database, folder, writer);
    await log.client.connect();
    return log;
  }

  /** Takes over. */
  nextWriter(): Promise<PostgresEventLogWriter> {
    return writerOf(this.database.url, this.folder);
  }

  /** Batches of seven events, every second one of Ada's, in chains of three. */
  async grow(batches: number): Promise<void> {
    for (let batch = 0; batch < batches; batch += 1) {
      const events = Array.from({ length: 7 }, (_, index) => anEquityMark(index % 2 ? this.ada : newId()));
      await this.append(events);
    }
  }

  async append(events: readonly Event[]): Promise<void> {
    this.second += 1;
    const minute = `${Math.floor(this.second / 60)}`.padStart(2, '0');
    const recordedtime = `2026-01-05T10:${minute}:${`${this.second % 60}`.padStart(2, '0')}.000001Z`;
    await this.writer.append(aBatch(events, { recordedtime }));
    this.events.push(...events);
  }

  async seal(): Promise<void> {
    while (await sealNext(this.client, this.keys.privateKey, 12));
  }

  /** Dies after a step, where one is named. */
  detaching(diesAfter?: DetachStep): Detaching {
    const decision = { operator: 'grace', note: 'the disk is full' };
    return new Detaching(this.client, this.folder, this.keys.publicKey, decision, (step) => {
      if (step === diesAfter) throw new Error(`died after ${step}`);
    });
  }

  async detachTo(position: number): Promise<number> {
    for (let count = 0; ; count += 1) {
      const detached = await this.detaching().next(position);
      if ('whyNot' in detached) return count;
    }
  }

  /** Dies after a step, where one is named; what is told stands in `told`. */
  attaching(diesAfter?: AttachStep | 'told'): Attaching {
    const dieAfter = (step: AttachStep | 'told'): void => {
      if (step === diesAfter) throw new Error(`died after ${step}`);
    };
    const tell = ({ first, last }: DetachedRange): Promise<void> => {
      this.told.push(`${first}-${last}`);
      return Promise.resolve(dieAfter('told'));
    };
    return new Attaching(this.client, this.folder, this.keys.publicKey, dieAfter, tell);
  }

  async attachFrom(position: number): Promise<number> {
    for (let count = 0; ; count += 1) {
      const attached = await this.attaching().next(position);
      if ('whyNot' in attached) return count;
    }
  }

  reader(): PostgresEventLog {
    return this.readerOf(this.folder);
  }

  /** Whoever looks for files somewhere else, or nowhere. */
  readerOf(folder: string | undefined): PostgresEventLog {
    return new PostgresEventLog({ url: this.database.url, detached: folder });
  }

  /** Everything that is asked of a log. */
  async answersOf(reader: EventLog): Promise<unknown> {
    const events = await eventsOf(reader.read(0));
    const [first] = events;
    return {
      events,
      tail: await eventsOf(reader.read(33, 77)),
      ada: await eventsOf(reader.readAccount(this.ada)),
      later: await eventsOf(reader.readAccount(this.ada, 9, { position: 60 })),
      earlier: await eventsOf(reader.readAccount(this.ada, 3, { time: '2026-01-05T10:00:04.000001Z' })),
      nobody: await eventsOf(reader.readAccount(newId())),
      chain: await reader.readCorrelation(first?.correlationid ?? ''),
      digests: [
        ...[await reader.digest(0, 112), await reader.digest(5, 30)],
        ...[await reader.digest(10, 90), await reader.digest(100, 112)],
      ],
      holding: await reader.holding([first?.id ?? '']),
    };
  }

  /** A reader; before it first asks which ranges lie in files, something is done. */
  readerInterrupted(interrupt: () => Promise<unknown>): PostgresEventLog {
    return new InterruptedLog({ url: this.database.url, detached: this.folder }, interrupt);
  }

  async witness(): Promise<Witness> {
    return { checkpoints: await checkpointsAfter(this.client, 0), publicKey: this.keys.publicKey };
  }

  async verify(witness?: Witness): Promise<Verification> {
    return verifyLog(this.pool, { detached: new DetachedLog(this.folder), ...(witness && { witness }) });
  }

  /** What is said while its owner has altered the database; it is taken back. */
  async verifyAltered(sql: string): Promise<Verification> {
    await this.client.query('begin');
    try {
      await this.client.query(`set local session_replication_role = replica; ${sql}`);
      return await verifyMoment(this.client, { detached: new DetachedLog(this.folder) });
    } finally {
      await this.client.query('rollback');
    }
  }

  async close(): Promise<void> {
    await this.writer.close();
    await this.client.end();
    await this.pool.end();
    await this.database.drop();
    await rm(this.folder, { recursive: true });
  }
}

class InterruptedLog extends PostgresEventLog {
  constructor(options: PostgresEventLogOptions, interrupt: () => Promise<unknown>) {
    super(options);
    let interrupted: Promise<unknown> | undefined;
    const query = this.pool.query.bind(this.pool) as (asked: unknown, values?: unknown) => Promise<unknown>;
    this.pool.query = (async (asked: unknown, values?: unknown) => {
      if (typeof asked === 'string' && asked.includes('core.detached')) await (interrupted ??= interrupt());
      return query(asked, values);
    }) as Pool['query'];
  }
}

/** The same file with other contents, and all that is in it put right, as someone would who knows how it is made. */
export async function rewritten(
  path: string,
  change: (lines: readonly string[], head: SectionHead) => [readonly string[], SectionHead],
): Promise<void> {
  const old = await LogFile.open(path);
  const sections = [];
  for await (const section of old.sections()) sections.push(section);
  const writer = await LogFileWriter.create(path, old.head);
  for (const { head, lines } of sections) {
    const [other, otherHead] = change(lines, head);
    await writer.section(otherHead, other);
  }
  await writer.end();
  await writer.close();
}

export async function eventsOf(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of pages) events.push(...page);
  return events;
}

const writerOf = (url: string, detached: string): Promise<PostgresEventLogWriter> =>
  PostgresEventLogWriter.seize({
    ...{ url, build: 'spec@0', appendTimeoutMs: 20_000, detached, onLost: () => undefined },
  });
