import type { Event, RecordedEvent } from '@core/contracts/event';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { Pool } from 'pg';
import type { ArchivedEvent } from './archive.ts';
import { BadInput } from './bad-input.ts';

const APPEND_TIMEOUT_MS = 60_000;

/** A log that is being made what an archive says. */
export class ImportedLog {
  private readonly pool: Pool;
  private writer: { readonly build: string; readonly log: PostgresEventLogWriter } | null = null;

  constructor(private readonly url: string) {
    this.pool = new Pool({ connectionString: url, max: 2 });
  }

  async head(): Promise<number> {
    return (await this.end()).position;
  }

  /** Commits a batch as it was committed. One that is there already only has to be the same. */
  async append(batch: readonly ArchivedEvent[]): Promise<void> {
    const [{ committed, event } = { committed: null, event: null }] = batch;
    if (committed === null) return;
    const before = await this.end();
    if (committed.last < before.position) return;
    if (committed.last > before.position) {
      if (committed.first !== before.position + 1)
        throw new BadInput(`the log ends at ${before.position}, and a batch from ${committed.first} is to follow`);
      const writer = await this.writerOf(committed.producer);
      const events = batch.map((each) => unplaced(each.event));
      const quarantined = batch.flatMap((each) => each.case ?? []);
      await writer.append({ events, answers: [], quarantined, checkpoint: null, recordedtime: event.recordedtime });
    }
    const { digest } = await this.end();
    if (digest !== committed.digest)
      throw new BadInput(
        `positions ${committed.first} to ${committed.last} are not what the archive says: another log, or an altered file`,
      );
  }

  async verify(onProgress: (done: number, of: number) => void): ReturnType<PostgresEventLog['verify']> {
    const log = new PostgresEventLog({ url: this.url });
    try {
      return await log.verify({ onProgress });
    } finally {
      await log.close();
    }
  }

  async close(): Promise<void> {
    await this.writer?.log.close();
    await this.pool.end();
  }

  /** Where it ends, and the digest that proves all before it. */
  async end(): Promise<{ readonly position: number; readonly digest: string }> {
    const { rows } = await this.pool.query<{ position: string; digest: string }>(
      `select position, encode(digest, 'hex') as digest from core.log_head`,
    );
    return { position: Number(rows[0]?.position ?? 0), digest: rows[0]?.digest ?? '' };
  }

  /** Who committed a batch is part of what its digest proves. */
  private async writerOf(build: string): Promise<PostgresEventLogWriter> {
    if (this.writer?.build === build) return this.writer.log;
    await this.writer?.log.close();
    const onLost = (error: Error): void => {
      throw error;
    };
    const log = await PostgresEventLogWriter.open({ url: this.url, build, appendTimeoutMs: APPEND_TIMEOUT_MS, onLost });
    this.writer = { build, log };
    return log;
  }
}

/** An event as it came to the log: the log places it. */
function unplaced({ position: _position, version: _version, recordedtime: _recorded, ...event }: RecordedEvent): Event {
  return event as Event;
}
