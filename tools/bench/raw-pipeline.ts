import type { IntakeBatch } from '@core/contracts/feed';
import { RawNats } from './raw-nats.ts';
import { RawPostgres } from './raw-postgres.ts';

const BATCH = 1_000;
const BEAT_MS = 10;

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
  static async latencies(at: Addresses, count: number, othersPerSecond = 0): Promise<number[]> {
    const pipeline = await RawPipeline.open(at);
    try {
      return await pipeline.latencies(count, othersPerSecond);
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

  /** Milliseconds of one event after the other, from its sending until it was told; others, so many a second, go beside. */
  async latencies(count: number, othersPerSecond = 0): Promise<number[]> {
    const told = this.nats.told();
    const state = { isOver: false };
    const moving = this.moveAll(state);
    const others = setInterval(() => {
      for (let n = 0; n < (othersPerSecond * BEAT_MS) / 1_000; n += 1) this.nats.send(bodyOf('other'));
    }, BEAT_MS);
    const measured: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const mark = `one ${n}.`;
      const start = performance.now();
      this.nats.send(bodyOf(mark));
      while (!String((await told.next()).value).includes(mark));
      measured.push(performance.now() - start);
    }
    clearInterval(others);
    state.isOver = true;
    this.nats.send(bodyOf('last'));
    await moving;
    return measured;
  }

  /** Inserts and tells whatever waits, all of it together, until it is over and one more has come. */
  private async moveAll(state: { readonly isOver: boolean }): Promise<void> {
    let waiting: string[] = [];
    let moving: Promise<void> | null = null;
    const move = async (): Promise<void> => {
      while (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        await this.postgres.insert(batch);
        this.nats.tell(Buffer.from(`[${batch.join(',')}]`));
      }
      moving = null;
    };
    for await (const body of this.nats.follow()) {
      waiting.push(Buffer.from(body).toString());
      moving ??= move();
      if (state.isOver) break;
    }
    await moving;
  }
}

const bodyOf = (id: string): Buffer =>
  Buffer.from(JSON.stringify({ id, type: 'PositionOpened', data: 'x'.repeat(600) }));
