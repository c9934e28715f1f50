import type { AccountId, Instant, Uuid } from '@core/contracts/primitives';

/** `pending`: what is to become of it is not done yet. `dead`: nobody can read it. */
export type DeliveryState = 'pending' | 'done' | 'dead';

/** A request as it came in, before anything is done about it. Secrets are gone from it. */
export interface Received {
  /** What its sender hears as `requestId`: of an event, the id that the same event always has. */
  readonly id: Uuid;
  /** As the request said it, be there such an integration or not. */
  readonly integrationId: string;
  /** Null while nobody knows who sent it. */
  readonly accountId: AccountId | null;
  /** The hash of the token it came with, where that could not be verified yet; null once it has been. */
  readonly tokenHash: string | null;
  /** Under which registration of the integration it was sent: a fingerprint of its token. Null where nobody knows. */
  readonly registration: string | null;
  /** The sender's word for the event; null where it could not be read. */
  readonly type: string | null;
  readonly strategyId: string | null;
  readonly sentAt: Instant | null;
  /** JSON, without our registration and its token; null for what is none. */
  readonly body: string | null;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a delivery came to, so far as it is known. */
export interface DeliveryConclusion {
  readonly state: DeliveryState;
  /** HTTP status of the answer. */
  readonly status: number;
  /** `handled`, the sender's name of the error, or the status where it has none. */
  readonly verdict: string;
  /** For operators; null where the verdict says it all. */
  readonly detail: string | null;
}

/** A delivery that somebody has to see to. */
export interface PendingDelivery extends Pick<Received, 'id' | 'integrationId' | 'tokenHash' | 'registration'> {
  readonly body: string;
}

/** The same was delivered before. */
export interface EarlierDelivery {
  /** Of the answer that was given, if any. */
  readonly status: number | null;
}

/**
 * Everything that was delivered, whatever became of it. Rejects when it cannot say or keep something: then nothing may
 * be done about a delivery.
 */
export abstract class SignalInbox {
  /** Keeps a request, or counts it where the same was delivered before. */
  abstract put(received: Received): Promise<EarlierDelivery | null>;
  /**
   * The same where its sender is registered as in this `senderVersion` still; otherwise nothing is kept. It is on disk
   * once anything that was written after it is: a conclusion, or what the log says of it.
   */
  abstract putOf(version: string, received: Received): Promise<EarlierDelivery | null | 'changed'>;
  abstract conclude(id: Uuid, verdict: DeliveryConclusion): Promise<void>;
  /**
   * The same where nobody waits for it to be on disk: it is soon. Lost in between, the delivery is looked at again, and
   * comes to the same.
   */
  abstract concludeSoon(id: Uuid, verdict: DeliveryConclusion): Promise<void>;
  /**
   * Pending deliveries whose time has come, oldest first, for this caller alone for a while; `all` of them at a start.
   * The longer one has been pending the more seldom it is looked at.
   */
  abstract claim(which: 'due' | 'all'): Promise<readonly PendingDelivery[]>;
  /** Makes a readable delivery pending again, at once. False where there is none of this id. */
  abstract reopen(id: Uuid): Promise<boolean>;
  /** Forgets what was received so many days ago and is not pending. */
  abstract forget(days: number): Promise<void>;
}
