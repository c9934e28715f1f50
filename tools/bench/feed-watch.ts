import { connectNats } from '@core/bus/nats-connection';
import type { FeedBatch } from '@core/contracts/feed';
import { subjects } from '@core/contracts/subjects';
import { toMs } from '@core/kernel/instant';
import { within } from '@core/machine/within';
import type { NatsConnection } from 'nats';

const WAIT_MS = 60_000;

/** A position's opening: when the broker says it was, and when the log had it, in milliseconds since the epoch. */
export interface OpeningSeen {
  readonly openedMs: number;
  readonly toldMs: number;
}

/** Hears what the ledger has committed. */
export class FeedWatch {
  private readonly openings = new Map<string, OpeningSeen>();
  private closings = 0;

  private constructor(private readonly connection: NatsConnection) {}

  static async open(url: string): Promise<FeedWatch> {
    const connection = await connectNats({ url, name: 'bench-feed' });
    const watch = new FeedWatch(connection);
    connection.subscribe(subjects.feed, { callback: (_, message) => watch.take(message.json<FeedBatch>()) });
    await connection.flush();
    return watch;
  }

  /** The opening of a position, by the broker's number, once the log has it. */
  async opening(position: number): Promise<OpeningSeen> {
    const opening = (): OpeningSeen | undefined => this.openings.get(String(position));
    await within(WAIT_MS, () => opening() !== undefined);
    const found = opening();
    if (!found) throw new Error(`position ${position} did not come to the log`);
    return found;
  }

  /** Resolves when so many positions were opened and so many closed, ever. */
  async reached(opened: number, closed: number): Promise<void> {
    const isThere = (): boolean => this.openings.size >= opened && this.closings >= closed;
    if (await within(WAIT_MS, isThere)) return;
    throw new Error(`${this.openings.size} of ${opened} openings and ${this.closings} of ${closed} closes came`);
  }

  get opened(): number {
    return this.openings.size;
  }

  get closed(): number {
    return this.closings;
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  private take({ events }: FeedBatch): void {
    const toldMs = performance.timeOrigin + performance.now();
    for (const { type, data } of events) {
      if (type === 'PositionOpened') this.openings.set(data.brokerPosition, { openedMs: toMs(data.openedAt), toldMs });
      if (type === 'PositionClosed') this.closings += 1;
    }
  }
}
