import { parseEvent, type Event } from '@core/contracts/event';
import { INTAKE_EVENTS_MAX, type FeedBatch, type IntakeBatch } from '@core/contracts/feed';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { caseOf, quarantinedContent, quarantineIdOf } from '@core/contracts/quarantine';
import { subjects } from '@core/contracts/subjects';
import { backoffMs, type BackoffLimits } from '@core/kernel/backoff';
import { SingleFlight } from '@core/kernel/single-flight';
import { inBackground } from '@core/service/in-background';
import type { NatsConnection } from 'nats';
import { onReconnect } from './nats-connection.ts';

export interface IntakeSenderOptions {
  /** Sent again when the feed has not confirmed it after this long, and after twice as long each time. */
  readonly resendMs: number;
  /** From this many unconfirmed events on, `saturated` asks the caller to stop taking in more. */
  readonly saturatedAt: number;
  readonly newId: () => Uuid;
  /** Which of these ids events of the log have; rejects when it cannot be asked. */
  readonly holding: (ids: readonly Uuid[]) => Promise<ReadonlySet<Uuid>>;
}

/** Pauses between sending again double up to so many times the first. */
const PAUSES_MAX = 16;

/** Hears of an event that the ledger will never record: a defect to alarm about, not to retry. */
export type RefusalListener = (event: Event, reason: Reason) => void;

type Reason = FeedBatch['refused'][number]['reason'];

/** What the feed says became of an event. */
interface Confirmation {
  readonly account: AccountId;
  readonly event: Event;
  /** Null: it is recorded. */
  readonly refused: Reason | null;
  /** The event that stands in the log if this is true. */
  readonly proof: Uuid;
}

/** One account's way to the log: what waits, and the one batch that is under way. */
interface Lane {
  readonly waiting: Event[];
  underway: { readonly bytes: Buffer; readonly unconfirmed: Map<Uuid, Event>; sentAt: number; sent: number } | null;
}

/**
 * Brings events into the log, whatever breaks in between.
 * An event is kept until the feed confirms it and the log says the same; the message broker's own acknowledgement counts
 * for nothing. A confirmation that is not true, or that nobody could ask the log about, comes again with the next sending.
 * Per account one batch is under way at a time, so that order needs no repair; accounts do not wait for each other.
 */
export class IntakeSender {
  private readonly lanes = new Map<AccountId, Lane>();
  private readonly timer: NodeJS.Timeout;
  private readonly refusalListeners: RefusalListener[] = [];
  private readonly idlers: { readonly account: AccountId | undefined; readonly resolve: () => void }[] = [];
  private readonly toldOf: Confirmation[] = [];
  private readonly asking = new SingleFlight();
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
      const read = parseEvent(event);
      if (!read.ok) {
        this.tellRefused(event, 'malformed');
        continue;
      }
      lane.waiting.push(read.value); // spelled as the ledger spells it
      this.count += 1;
    }
    this.advance(account, lane);
  }

  /** To be called with every batch of the feed. */
  confirm(batch: FeedBatch): void {
    for (const { subject, id } of batch.events) this.note(subject, id, null);
    if (batch.known.length > 0 || batch.refused.length > 0)
      for (const account of this.lanes.keys()) {
        for (const { id } of batch.known) this.note(account, id, null);
        for (const { id, reason } of batch.refused) this.note(account, id, reason);
      }
    if (this.toldOf.length > 0 && !this.asking.isUnderway)
      inBackground(
        'asking the log for what the feed confirmed',
        this.asking.run(() => this.askTheLog()),
      );
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

  private note(account: AccountId, id: Uuid, refused: Reason | null): void {
    const event = this.lanes.get(account)?.underway?.unconfirmed.get(id);
    if (!event) return;
    const proof = refused === null ? id : quarantineIdOf(caseOf(quarantinedContent(event, refused)));
    this.toldOf.push({ account, event, refused, proof });
  }

  private async askTheLog(): Promise<void> {
    while (this.toldOf.length > 0) {
      const told = this.toldOf.splice(0);
      const held = await this.options.holding(told.map(({ proof }) => proof));
      for (const each of told) if (held.has(each.proof)) this.settle(each);
    }
  }

  private settle({ account, event, refused }: Confirmation): void {
    const lane = this.lanes.get(account);
    if (!lane?.underway?.unconfirmed.delete(event.id)) return;
    if (refused !== null) this.tellRefused(event, refused);
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
