import { connectNats } from '@core/bus/nats-connection';
import type { FeedBatch, IntakeBatch } from '@core/contracts/feed';
import { subjects } from '@core/contracts/subjects';
import { toMs } from '@core/kernel/instant';
import { within } from '@core/machine/within';
import type { NatsConnection } from 'nats';

const WAIT_MS = 60_000;

/** A position's opening on its way, in milliseconds since the epoch. */
export interface OpeningSeen {
  /** When the broker says it was. */
  readonly openedMs: number;
  /** When its connector gave it to the intake; null where that was not heard. */
  readonly sentMs: number | null;
  /** When the ledger took it to commit it. */
  readonly recordedMs: number;
  /** When the ledger told that it is committed. */
  readonly toldMs: number;
}

/** Hears what the ledger has committed, and what it was sent. */
export class FeedWatch {
  private readonly openings = new Map<string, OpeningSeen>();
  private readonly sent = new Map<string, number>();
  private closings = 0;

  private constructor(private readonly connection: NatsConnection) {}

  static async open(url: string): Promise<FeedWatch> {
    const connection = await connectNats({ url, name: 'bench-feed' });
    const watch = new FeedWatch(connection);
    connection.subscribe(subjects.feed, { callback: (_, message) => watch.take(message.json<FeedBatch>()) });
    connection.subscribe(subjects.intake('*'), { callback: (_, message) => watch.hear(message.string()) });
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
    for (const { type, data, recordedtime } of events) {
      if (type === 'PositionClosed') this.closings += 1;
      if (type !== 'PositionOpened') continue;
      const [openedMs, recordedMs] = [toMs(data.openedAt), toMs(recordedtime)];
      const sentMs = this.sent.get(data.brokerPosition) ?? null;
      this.openings.set(data.brokerPosition, { openedMs, sentMs, recordedMs, toldMs });
    }
  }

  private hear(body: string): void {
    const sentMs = performance.timeOrigin + performance.now();
    if (!body.includes('"PositionOpened"')) return;
    for (const { type, data } of (JSON.parse(body) as IntakeBatch).events)
      if (type === 'PositionOpened') this.sent.set(data.brokerPosition, sentMs);
  }
}
