import type { AccountId, TraderId, Uuid } from '@core/contracts/primitives';
import { encodeEnvelope, type MessageJson } from '@core/ws-session/server-message';

/** What a session may ask to hear of. */
export const EVENT_TOPICS = ['accounts', 'positions', 'orders'] as const;
export type EventTopic = (typeof EVENT_TOPICS)[number];
export type Topic = EventTopic | 'prices';

/** One message that an event made, serialised once and sent to everyone as the same bytes. */
export class Broadcast {
  private plainFrame: Buffer | null = null;
  private numberedFrame: Buffer | null = null;

  constructor(
    /** The event's id: the same in every session and in every replay. */
    private readonly messageId: Uuid,
    readonly accountId: AccountId,
    readonly traderId: TraderId,
    readonly topic: EventTopic,
    /** Of the event in the log. */
    readonly position: number,
    /** Of the message among those of its account. */
    readonly sequence: number,
    /** Of its place in the log. */
    readonly cursor: string,
    private readonly message: MessageJson,
  ) {}

  /** For clients of the base profile. */
  get plain(): Buffer {
    return (this.plainFrame ??= Buffer.from(encodeEnvelope(this.messageId, this.message)));
  }

  /** For clients that count. */
  get numbered(): Buffer {
    const { sequence, cursor } = this;
    const siblings = { sequence, cursor };
    return (this.numberedFrame ??= Buffer.from(encodeEnvelope(this.messageId, this.message, siblings)));
  }
}
