import type { AccountId, TraderId, Uuid } from '@core/contracts/primitives';
import { encodeEnvelope, type MessageText } from '@core/ws-session/server-message';
import { textFrame } from './text-frame.ts';

/** What a session may ask to hear of. */
export const EVENT_TOPICS = ['accounts', 'positions', 'orders'] as const;
export type EventTopic = (typeof EVENT_TOPICS)[number];
/** The rest is what prices make: only the last value counts. */
export type Topic = EventTopic | 'prices' | 'calculate_updates';

/** One message that an event made: where it stands, who may hear it, and its text. */
export interface ToldMessage {
  /** The event's id: the same in every session and in every replay. */
  readonly messageId: Uuid;
  readonly accountId: AccountId;
  readonly traderId: TraderId;
  readonly topic: EventTopic;
  /** Of the event in the log with which it is told. */
  readonly position: number;
  /** Of the message among those of its account. */
  readonly sequence: number;
  /** Of a place in the log up to which a client that has the message has everything. */
  readonly cursor: string;
  /** The message as JSON, without its envelope. */
  readonly text: MessageText;
}

/** A message on its way to everyone, as the same bytes. */
export class Broadcast {
  private plainFrame: Buffer | null = null;
  private numberedFrame: Buffer | null = null;
  /** To how many sessions it was sent. */
  hearers = 0;

  constructor(readonly told: ToldMessage) {}

  /** For clients of the base profile. */
  get plain(): Buffer {
    const { messageId, text } = this.told;
    return (this.plainFrame ??= textFrame(encodeEnvelope(messageId, text)));
  }

  /** For clients that count. */
  get numbered(): Buffer {
    const { messageId, text, sequence, cursor } = this.told;
    return (this.numberedFrame ??= textFrame(encodeEnvelope(messageId, text, { sequence, cursor })));
  }
}
