import type { AccountId, Instant, TraderId, Uuid } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';
import type { AccessKey } from '@core/registry/entities';
import { openUntilMs } from '@core/registry/key-life';
import { isWithin } from '@core/registry/key-scope';
import type { Feature } from '@core/ws-session/client-message';
import {
  conflatedNotice,
  goingAwayNotice,
  heartbeatMessage,
  keyExpiringNotice,
  upstreamGapNotice,
  upstreamRestoredNotice,
} from '@core/ws-session/extension-message';
import { encodeEnvelope, type MessageJson, type MessageText } from '@core/ws-session/server-message';
import type { Broadcast, ToldMessage } from './broadcast.ts';
import type { Credential } from './admission.ts';
import type { CatchUp } from './catch-up.ts';
import type { SendQueue } from './send-queue.ts';
import type { Topics } from './topics.ts';

/**
 * What a session that resumes and chooses its topics is told when it first does: everything after a position, or what
 * stands where its cursor was too old or of another log; null is nothing.
 */
export type Owed = { readonly after: number } | 'snapshot' | null;

interface SessionStart {
  readonly id: Uuid;
  readonly credential: Credential;
  /** Empty for a client of the base profile. */
  readonly features: ReadonlySet<Feature>;
  readonly topics: Topics;
  readonly owed: Owed;
  /** How much had happened when the session began. */
  readonly cursor: string;
  readonly newId: () => Uuid;
}

/** What one authenticated client hears. A client hears of a change once, in order, and never of what its key may not see. */
export class Session {
  readonly id: Uuid;
  readonly key: AccessKey;
  readonly features: ReadonlySet<Feature>;
  readonly topics: Topics;
  /** What its first subscription gets beside its answer. */
  owed: Owed;
  /** While something older is being sent, newer events wait in it. */
  catchUp: CatchUp | null = null;
  /** Of the last event that was sent to this session, or of the snapshot since. */
  private cursor: string;
  private keyUntilMs: number;
  /** The end of the key that the client was warned of. */
  private warnedOfMs = Infinity;

  constructor(
    readonly queue: SendQueue,
    private readonly start: SessionStart,
  ) {
    this.id = start.id;
    this.key = start.credential.key;
    this.keyUntilMs = openUntilMs(this.key, start.credential.secretHash);
    this.features = start.features;
    this.topics = start.topics;
    this.cursor = start.cursor;
    this.owed = start.owed;
  }

  /** When its secret ends, in milliseconds since the epoch; Infinity is never. */
  get keyEndsAtMs(): number {
    return this.keyUntilMs;
  }

  /** What became of the key meanwhile; null where there is none of its id. */
  keyIs(key: AccessKey | null): void {
    this.keyUntilMs = key ? openUntilMs(key, this.start.credential.secretHash) : 0;
  }

  /** Says once of every end of its key that it is near. */
  warnOfKeyEnd(todayMs: number, noticeBeforeMs: number): void {
    if (this.keyUntilMs === this.warnedOfMs || this.keyUntilMs - todayMs > noticeBeforeMs) return;
    this.warnedOfMs = this.keyUntilMs;
    this.note(keyExpiringNotice(instantFromMs(this.keyUntilMs)));
  }

  maySee(accountId: AccountId, traderId: TraderId): boolean {
    return isWithin(this.key, accountId, traderId);
  }

  /** Whether the session asked to hear of an account on a topic; whether it may is another question. */
  wants({ topic, accountId }: Pick<ToldMessage, 'topic' | 'accountId'>): boolean {
    return this.topics.wants(topic, accountId);
  }

  /** Of what it may see, what it wants to hear of: sent at once, several together, or when what came before it is. */
  hear(broadcasts: readonly Broadcast[]): void {
    for (const broadcast of broadcasts) {
      if (!this.wants(broadcast.told)) continue;
      broadcast.hearers += 1;
      if (this.catchUp) {
        if (!this.catchUp.hold(broadcast)) this.queue.end('slow_consumer');
        continue;
      }
      if (broadcasts.length > 1) this.queue.gather();
      this.deliver(broadcast);
    }
  }

  deliver(broadcast: Broadcast): void {
    this.queue.send(this.features.has('sequence') ? broadcast.numbered : broadcast.plain);
    this.cursor = broadcast.told.cursor;
  }

  /** Everything up to here is with the client: after a snapshot. */
  hasUpTo(cursor: string): void {
    this.cursor = cursor;
  }

  /** A message of the server's own. */
  say(message: MessageJson | MessageText): void {
    this.queue.sendText(encodeEnvelope(this.start.newId(), message));
  }

  /** An answer; clients that asked for it are told to what. */
  reply(requestId: string, message: MessageJson | MessageText): void {
    const id = this.features.has('responses') ? this.start.newId() : requestId;
    const siblings = this.features.has('responses') ? { message_response_id: requestId } : {};
    this.queue.sendText(encodeEnvelope(id, message, siblings));
  }

  heartbeat(now: Instant): void {
    if (this.features.has('heartbeat')) this.say(heartbeatMessage(now, this.cursor));
  }

  /** The connection ends at `deadline`; the client should come back elsewhere after `reconnectAfterMs`. */
  announceEnd(reconnectAfterMs: number, deadline: Instant): void {
    this.note(goingAwayNotice(reconnectAfterMs, deadline, this.cursor));
  }

  /** Events come late from here on. */
  announceGap(): void {
    this.note(upstreamGapNotice(this.cursor));
  }

  /** Everything up to `cursor` has been told. */
  announceRestored(cursor: string): void {
    this.note(upstreamRestoredNotice(cursor));
  }

  /** Prices and figures were left out since then, for the client did not keep up. */
  announceConflation(since: Instant): void {
    this.note(conflatedNotice(since));
  }

  private note(notice: MessageJson): void {
    if (this.features.has('notice')) this.say(notice);
  }
}
