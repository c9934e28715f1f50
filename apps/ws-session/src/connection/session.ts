import type { AccountId, Instant, TraderId, Uuid } from '@core/contracts/primitives';
import type { AccessKey } from '@core/registry/entities';
import type { Feature } from '@core/ws-session/client-message';
import { goingAwayNotice, heartbeatMessage } from '@core/ws-session/extension-message';
import { encodeEnvelope, type MessageJson } from '@core/ws-session/server-message';
import type { Broadcast } from './broadcast.ts';
import type { CatchUp } from './catch-up.ts';
import type { SendQueue } from './send-queue.ts';
import { isWithin } from './scope.ts';
import type { Topics } from './topics.ts';

interface SessionStart {
  readonly id: Uuid;
  readonly key: AccessKey;
  /** Empty for a client of the base profile. */
  readonly features: ReadonlySet<Feature>;
  readonly topics: Topics;
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
  /** While something older is being sent, newer events wait in it. */
  catchUp: CatchUp | null = null;
  /** Of the last event that was sent to this session, or of the snapshot since. */
  private cursor: string;

  constructor(
    readonly queue: SendQueue,
    private readonly start: SessionStart,
  ) {
    this.id = start.id;
    this.key = start.key;
    this.features = start.features;
    this.topics = start.topics;
    this.cursor = start.cursor;
  }

  maySee(accountId: AccountId, traderId: TraderId): boolean {
    return isWithin(this.key, accountId, traderId);
  }

  /** Whether the session asked to hear of an account on a topic; whether it may is another question. */
  wants({ topic, accountId }: Pick<Broadcast, 'topic' | 'accountId'>): boolean {
    return this.topics.wants(topic, accountId);
  }

  /** An event it may see and wants to hear of: sent at once, or when what came before it is. */
  hear(broadcast: Broadcast): void {
    if (!this.catchUp) this.deliver(broadcast);
    else if (!this.catchUp.hold(broadcast)) this.queue.end('slow_consumer');
  }

  deliver(broadcast: Broadcast): void {
    this.queue.send(this.features.has('sequence') ? broadcast.numbered : broadcast.plain);
    this.cursor = broadcast.cursor;
  }

  /** Everything up to here is with the client: after a snapshot. */
  hasUpTo(cursor: string): void {
    this.cursor = cursor;
  }

  /** A message of the server's own. */
  say(message: MessageJson): void {
    this.queue.send(Buffer.from(encodeEnvelope(this.start.newId(), message)));
  }

  /** An answer; clients that asked for it are told to what. */
  reply(requestId: string, message: MessageJson): void {
    const id = this.features.has('responses') ? this.start.newId() : requestId;
    const siblings = this.features.has('responses') ? { message_response_id: requestId } : {};
    this.queue.send(Buffer.from(encodeEnvelope(id, message, siblings)));
  }

  heartbeat(now: Instant): void {
    if (this.features.has('heartbeat')) this.say(heartbeatMessage(now, this.cursor));
  }

  /** The connection ends at `deadline`; the client should come back elsewhere after `reconnectAfterMs`. */
  announceEnd(reconnectAfterMs: number, deadline: Instant): void {
    if (this.features.has('notice')) this.say(goingAwayNotice(reconnectAfterMs, deadline, this.cursor));
  }
}
