import { parseEvent, type Event } from '@core/contracts/event';
import { INTAKE_EVENTS_MAX, type FeedBatch, type IntakeBatch } from '@core/contracts/feed';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { backoffMs, type BackoffLimits } from '@core/kernel/backoff';
import type { NatsConnection } from 'nats';
import { onReconnect } from './nats-connection.ts';

export interface IntakeSenderOptions {
  /** Sent again when the feed has not confirmed it after this long, and after twice as long each time. */
  readonly resendMs: number;
  /** From this many unconfirmed events on, `saturated` asks the caller to stop taking in more. */
  readonly saturatedAt: number;
  readonly newId: () => Uuid;
}

/** Pauses between sending again double up to so many times the first. */
const PAUSES_MAX = 16;

/** Hears of an event that the ledger will never record: a defect to alarm about, not to retry. */
export type RefusalListener = (event: Event, reason: FeedBatch['refused'][number]['reason']) => void;

/** One account's way to the log: what waits, and the one batch that is under way. */
interface Lane {
  readonly waiting: Event[];
  underway: { readonly bytes: Buffer; readonly unconfirmed: Map<Uuid, Event>; sentAt: number; sent: number } | null;
}

/**
 * Brings events into the log, whatever breaks in between.
 * An event is kept until the feed confirms it with a position; the message broker's own acknowledgement counts for nothing.
 * Per account one batch is under way at a time, so that order needs no repair; accounts do not wait for each other.
 */
export class IntakeSender {
  private readonly lanes = new Map<AccountId, Lane>();
  private readonly timer: NodeJS.Timeout;
  private readonly refusalListeners: RefusalListener[] = [];
  private readonly idlers: { readonly account: AccountId | undefined; readonly resolve: () => void }[] = [];
  private count = 0;

  constructor(
    private readonly connection: NatsConnection,
    private readonly options: IntakeSenderOptions,
  ) {
    const { resendMs: minMs } = options;
    this.timer = setInterval(() => this.resend({ minMs, maxMs: minMs * PAUSES_MAX }), minMs / 4).unref();
    onReconnect(connection, () => this.resend({ minMs: 0, maxMs: 0 }));
  }

  /** Events not yet confirmed. */
  get pending(): number {
    return this.count;
  }

  get saturated(): boolean {
    return this.count >= this.options.saturatedAt;
  }

  onRefused(listener: RefusalListener): void {
    this.refusalListeners.push(listener);
  }

  /** Takes events of one account, in order. What the ledger would not take is refused here already, like there. */
  send(account: AccountId, events: readonly Event[]): void {
    const lane = this.laneOf(account);
    for (const event of events) {
      if (!parseEvent(event).ok) {
        this.tellRefused(event, 'malformed');
        continue;
      }
      lane.waiting.push(event);
      this.count += 1;
    }
    this.advance(account, lane);
  }

  /** To be called with every batch of the feed. */
  confirm(batch: FeedBatch): void {
    for (const event of batch.events) this.settle(event.subject, event.id);
    if (batch.known.length === 0 && batch.refused.length === 0) return;
    for (const [account, lane] of this.lanes) {
      for (const { id } of batch.known) if (lane.underway?.unconfirmed.has(id)) this.settle(account, id);
      for (const { id, reason } of batch.refused) {
        const event = lane.underway?.unconfirmed.get(id);
        if (!event) continue;
        this.tellRefused(event, reason);
        this.settle(account, id);
      }
    }
  }

  /** Resolves when everything sent so far, of one account or of all, is in the log. */
  idle(account?: AccountId): Promise<void> {
    if (this.isIdle(account)) return Promise.resolve();
    return new Promise((resolve) => this.idlers.push({ account, resolve }));
  }

  close(): void {
    clearInterval(this.timer);
  }

  private tellRefused(...refused: Parameters<RefusalListener>): void {
    for (const listener of this.refusalListeners) listener(...refused);
  }

  private settle(account: AccountId, id: Uuid): void {
    const lane = this.lanes.get(account);
    if (!lane?.underway?.unconfirmed.delete(id)) return;
    this.count -= 1;
    if (lane.underway.unconfirmed.size > 0) return;
    lane.underway = null;
    this.advance(account, lane);
    if (lane.underway !== null) return;
    for (const idler of [...this.idlers]) {
      if (!this.isIdle(idler.account)) continue;
      this.idlers.splice(this.idlers.indexOf(idler), 1);
      idler.resolve();
    }
  }

  private advance(account: AccountId, lane: Lane): void {
    if (lane.underway !== null || lane.waiting.length === 0) return;
    const events = lane.waiting.splice(0, INTAKE_EVENTS_MAX);
    const batch: IntakeBatch = { batchid: this.options.newId(), events };
    const bytes = Buffer.from(JSON.stringify(batch));
    lane.underway = {
      bytes,
      unconfirmed: new Map(events.map((event) => [event.id, event])),
      sentAt: performance.now(),
      sent: 1,
    };
    this.connection.publish(subjects.intake(account), bytes);
  }

  private resend(pauses: BackoffLimits): void {
    const now = performance.now();
    for (const [account, { underway }] of this.lanes) {
      if (underway === null || now - underway.sentAt < backoffMs(pauses, underway.sent)) continue;
      underway.sentAt = now;
      underway.sent += 1;
      this.connection.publish(subjects.intake(account), underway.bytes);
    }
  }

  private laneOf(account: AccountId): Lane {
    const known = this.lanes.get(account);
    if (known) return known;
    const lane: Lane = { waiting: [], underway: null };
    this.lanes.set(account, lane);
    return lane;
  }

  private isIdle(account: AccountId | undefined): boolean {
    if (account === undefined) return this.count === 0;
    return (this.lanes.get(account)?.underway ?? null) === null;
  }
}
