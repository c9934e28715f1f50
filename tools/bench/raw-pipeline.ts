import type { IntakeBatch } from '@core/contracts/feed';
import { RawNats } from './raw-nats.ts';
import { RawPostgres } from './raw-postgres.ts';

const BATCH = 1_000;

interface Addresses {
  readonly natsUrl: string;
  readonly databaseUrl: string;
}

/** The least that could move events as the ledger does: from a stream, durably into a table, told to whoever listens. */
export class RawPipeline {
  private constructor(
    readonly nats: RawNats,
    readonly postgres: RawPostgres,
  ) {}

  static async open(at: Addresses): Promise<RawPipeline> {
    const nats = await RawNats.open(at.natsUrl);
    try {
      return new RawPipeline(nats, await RawPostgres.open(at.databaseUrl));
    } catch (error) {
      await nats.close();
      throw error;
    }
  }

  /** Those of a pipeline that is opened for it. */
  static async latencies(at: Addresses, count: number): Promise<number[]> {
    const pipeline = await RawPipeline.open(at);
    try {
      return await pipeline.latencies(count);
    } finally {
      await pipeline.close();
    }
  }

  async close(): Promise<void> {
    try {
      await this.postgres.close();
    } finally {
      await this.nats.close();
    }
  }

  /** Events a second, of those that wait in the stream: read, split, inserted in batches, told. */
  async throughput(count: number): Promise<number> {
    const start = performance.now();
    let [batch, done]: [string[], number] = [[], 0];
    const commit = async (): Promise<void> => {
      await this.postgres.insert(batch);
      this.nats.tell(Buffer.from(`[${batch.join(',')}]`));
      done += batch.length;
      batch = [];
    };
    for await (const body of this.nats.read()) {
      const { events } = JSON.parse(Buffer.from(body).toString()) as IntakeBatch;
      for (const event of events) batch.push(JSON.stringify(event));
      if (batch.length >= BATCH) await commit();
    }
    await commit();
    if (done !== count) throw new Error(`the raw pipeline moved ${done} of ${count} events`);
    return (done / (performance.now() - start)) * 1000;
  }

  /** Milliseconds of one event after the other, from its sending until it was told. */
  async latencies(count: number): Promise<number[]> {
    const told = this.nats.told();
    const bodies = this.nats.follow();
    const event = Buffer.from(JSON.stringify({ type: 'PositionOpened', data: 'x'.repeat(600) }));
    const measured: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const start = performance.now();
      this.nats.send(event);
      const { value: body } = await bodies.next();
      await this.postgres.insert([Buffer.from(body ?? []).toString()]);
      this.nats.tell(Buffer.from(body ?? []));
      await told.next();
      measured.push(performance.now() - start);
    }
    await bodies.return(undefined);
    return measured;
  }
}
