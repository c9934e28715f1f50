import { SignedCheckpoint } from '@core/log-proof/checkpoint';
import { connect, ErrorCode, NatsError, RetentionPolicy, StorageType, type NatsConnection } from 'nats';
import { readNatsUrl } from './nats-url.ts';

/** At a server of somebody else's: its owner may make the stream before, with a login that may only add to it. */
export const CHECKPOINT_STREAM = { name: 'CHECKPOINTS', subject: 'checkpoints' } as const;

const TIMEOUT_MS = 10_000;
/** Messages of the stream that are asked for at once. */
const TOGETHER = 100;
const NOT_FOUND: readonly (number | undefined)[] = [10_037, 10_059];

/** Checkpoints in a JetStream that the log's owner does not run: nobody takes one out, and each is kept once. */
export class CheckpointStream {
  private constructor(private readonly connection: NatsConnection) {}

  /** Makes the stream where there is none. Rejects where the server cannot be had now. */
  static async open(url: string): Promise<CheckpointStream> {
    const { scheme, user, password, servers } = readNatsUrl(url);
    const connection = await connect({
      ...{ servers: [...servers], name: 'log checkpoints', timeout: TIMEOUT_MS, reconnect: false },
      ...(user !== '' && { user, pass: password }),
      ...(scheme === 'tls' && { tls: {} }),
    });
    const stream = new CheckpointStream(connection);
    await stream.ensure().catch(async (error: unknown) => {
      await connection.close();
      throw error;
    });
    return stream;
  }

  get isClosed(): boolean {
    return this.connection.isClosed();
  }

  async last(): Promise<SignedCheckpoint | null> {
    const manager = await this.manager();
    try {
      const { name: stream, subject } = CHECKPOINT_STREAM;
      const { data } = await manager.streams.getMessage(stream, { last_by_subj: subject });
      return readCheckpoint(data);
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  async keep(checkpoint: SignedCheckpoint): Promise<void> {
    const body = Buffer.from(JSON.stringify(checkpoint));
    await this.connection
      .jetstream()
      .publish(CHECKPOINT_STREAM.subject, body, { msgID: String(checkpoint.last), timeout: TIMEOUT_MS });
  }

  /** All of them, in order. */
  async all(): Promise<readonly SignedCheckpoint[]> {
    const manager = await this.manager();
    const { state } = await manager.streams.info(CHECKPOINT_STREAM.name);
    const all: SignedCheckpoint[] = [];
    for (let from = state.first_seq; state.messages > 0 && from <= state.last_seq; from += TOGETHER) {
      const sequences = Array.from({ length: Math.min(TOGETHER, state.last_seq - from + 1) }, (_, n) => from + n);
      const messages = await Promise.all(
        sequences.map((seq) => manager.streams.getMessage(CHECKPOINT_STREAM.name, { seq })),
      );
      all.push(...messages.map(({ data }) => readCheckpoint(data)));
    }
    return all;
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private manager() {
    return this.connection.jetstreamManager({ timeout: TIMEOUT_MS, checkAPI: false });
  }

  private async ensure(): Promise<void> {
    const manager = await this.manager();
    const { name, subject } = CHECKPOINT_STREAM;
    try {
      await manager.streams.info(name);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await manager.streams.add({
        ...{ name, subjects: [subject], retention: RetentionPolicy.Limits, storage: StorageType.File },
        ...{ deny_delete: true, deny_purge: true },
      });
    }
  }
}

const readCheckpoint = (data: Uint8Array): SignedCheckpoint =>
  SignedCheckpoint.parse(JSON.parse(Buffer.from(data).toString('utf8')));

const isNotFound = (error: unknown): boolean =>
  error instanceof NatsError &&
  (error.code === ErrorCode.JetStream404NoMessages || NOT_FOUND.includes(error.api_error?.err_code));
