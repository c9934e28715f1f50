import { withoutCell } from '@core/contracts/cell';
import { Uuid } from '@core/contracts/primitives';
import { TokenBucket } from '@core/kernel/token-bucket';
import { inBackground } from '@core/service/in-background';
import { SignalInbox } from '@core/signal-inbox/signal-inbox';
import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { InboxSettings } from '../config.ts';
import { deadOf } from '../deliveries/leftovers.ts';

/** What the request says of itself. */
export interface Announced {
  readonly hookId: string;
  readonly address: string;
  /** Null where it does not say how much it is. */
  readonly bytes: number | null;
}

/** A column's largest number. */
const BYTES_MAX = 2 ** 31 - 1;
const OF_NOTHING = createHash('sha256').digest('hex');

/**
 * Deliveries that are too large to be read: that they came is kept, for whoever was told the `requestId` of one. Nobody
 * knows who sends them, so it is some a minute.
 */
@Injectable()
export class Oversized {
  private readonly kept: TokenBucket;

  constructor(
    private readonly inbox: SignalInbox,
    { strangersPerMinute }: InboxSettings,
  ) {
    this.kept = new TokenBucket(strangersPerMinute / 60, strangersPerMinute, performance.now());
  }

  arrived(id: Uuid, { hookId, address, bytes }: Announced): void {
    if (!this.kept.take(performance.now())) return;
    const integrationId = Uuid.safeParse(withoutCell(hookId)).data ?? 'no id';
    const unread = { type: null, strategyId: null, sentAt: null, body: null, sha256: OF_NOTHING };
    const unknown = { accountId: null, tokenHash: null, registration: null };
    const received = { ...unread, ...unknown, id, integrationId, bytes: Math.min(bytes ?? 0, BYTES_MAX) };
    const detail = `${bytes ?? 'nobody said how many'} bytes from ${address}, none of them read`;
    const verdict = deadOf({ why: 'too-large', detail });
    const keeping = this.inbox.put(received).then(() => this.inbox.conclude(id, verdict));
    inBackground('a delivery that is too large is kept', keeping);
  }
}
