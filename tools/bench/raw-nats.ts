import { connectNats } from '@core/bus/nats-connection';
import { AckPolicy, DeliverPolicy, nanos, StorageType, type NatsConnection } from 'nats';

const STREAM = 'BENCH_RAW';
const SUBJECT = 'bench.raw';
const TOLD = 'bench.told';

/** What JetStream gives to the simplest publisher and the simplest reader. */
export class RawNats {
  private constructor(private readonly connection: NatsConnection) {}

  static async open(url: string): Promise<RawNats> {
    const connection = await connectNats({ url, name: 'bench-raw' });
    try {
      const manager = await connection.jetstreamManager();
      await manager.streams.add({ name: STREAM, subjects: [SUBJECT], storage: StorageType.File });
      return new RawNats(connection);
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** Messages a second into the stream's file: published without waiting for each, all stored at the end. */
  async publish(bodies: readonly Uint8Array[]): Promise<number> {
    const manager = await this.connection.jetstreamManager();
    const { state } = await manager.streams.info(STREAM);
    const start = performance.now();
    for (const body of bodies) this.connection.publish(SUBJECT, body);
    await this.connection.flush();
    while ((await manager.streams.info(STREAM)).state.messages < state.messages + bodies.length);
    return (bodies.length / (performance.now() - start)) * 1000;
  }

  /** Reads the whole stream from its start, handing over every body in order. */
  async *read(): AsyncGenerator<Uint8Array> {
    const manager = await this.connection.jetstreamManager();
    let left = (await manager.streams.info(STREAM)).state.messages;
    for await (const body of this.follow()) {
      yield body;
      left -= 1;
      if (left === 0) break;
    }
  }

  /** Every body from the start, and those to come, until the reader stops. */
  async *follow(): AsyncGenerator<Uint8Array> {
    const manager = await this.connection.jetstreamManager();
    const { name } = await manager.consumers.add(STREAM, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.All,
      inactive_threshold: nanos(60_000),
    });
    const consumer = await this.connection.jetstream().consumers.get(STREAM, name);
    for await (const message of await consumer.consume({ max_messages: 2_000 })) yield message.data;
  }

  /** One message into the stream, not waited for. */
  send(body: Uint8Array): void {
    this.connection.publish(SUBJECT, body);
  }

  /** One message to whoever listens, kept by nobody. */
  tell(body: Uint8Array): void {
    this.connection.publish(TOLD, body);
  }

  /** Everything that is told from now on. */
  async *told(): AsyncGenerator<string> {
    for await (const message of this.connection.subscribe(TOLD)) yield message.string();
  }

  /** Messages a second, read without acknowledging. */
  async consume(): Promise<number> {
    const start = performance.now();
    let count = 0;
    for await (const body of this.read()) count += body.length > 0 ? 1 : 0;
    return (count / (performance.now() - start)) * 1000;
  }

  async empty(): Promise<void> {
    await (await this.connection.jetstreamManager()).streams.purge(STREAM);
  }

  async close(): Promise<void> {
    try {
      await (await this.connection.jetstreamManager()).streams.delete(STREAM);
    } finally {
      await this.connection.close();
    }
  }
}
