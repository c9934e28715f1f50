import { withoutCell } from '@core/contracts/cell';
import { Uuid } from '@core/contracts/primitives';
import { TokenBuckets } from '@core/kernel/token-bucket';
import { unnamed } from '@core/proquant/problem';
import { inBackground } from '@core/service/in-background';
import { SignalInbox, type DeliveryConclusion } from '@core/signal-inbox/signal-inbox';
import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { InboxSettings } from '../config.ts';
import { conclusionOf } from '../deliveries/delivery-service.ts';
import { deadOf } from '../deliveries/leftovers.ts';

/** What the request says of itself. */
export interface Announced {
  /** Of its address, without what is asked there: an integration's id may be a part of it. */
  readonly path: string;
  readonly address: string;
  /** Null where it does not say how much it is. */
  readonly bytes: number | null;
}

/** Why nothing of it was read: it is too large, or there is nothing at its address. */
export type UnreadFor = 404 | 413;

/** A column's largest number. */
const BYTES_MAX = 2 ** 31 - 1;
const OF_NOTHING = createHash('sha256').digest('hex');

/**
 * Deliveries that are not read: that they came is kept, for whoever was told the `requestId` of one. Nobody knows who
 * sends them, so it is some a minute of either kind, and of their address no more than the id of an integration.
 */
@Injectable()
export class UnreadDeliveries {
  private readonly kept: TokenBuckets;

  constructor(
    private readonly inbox: SignalInbox,
    { strangersPerMinute }: InboxSettings,
  ) {
    this.kept = new TokenBuckets(strangersPerMinute / 60, strangersPerMinute);
  }

  arrived(id: Uuid, status: UnreadFor, { path, address, bytes }: Announced): void {
    if (!this.kept.take(String(status), performance.now())) return;
    const unread = { type: null, strategyId: null, sentAt: null, body: null, sha256: OF_NOTHING };
    const unknown = { accountId: null, tokenHash: null, registration: null };
    const integrationId = integrationIn(path) ?? 'no id';
    const received = { ...unread, ...unknown, id, integrationId, bytes: Math.min(bytes ?? 0, BYTES_MAX) };
    const verdict = verdictOf(status, `${bytes ?? 'nobody said how many'} bytes from ${address}, none of them read`);
    const keeping = this.inbox.put(received).then(() => this.inbox.conclude(id, verdict));
    inBackground('a delivery that is not read is kept', keeping);
  }
}

/** What is sent to nowhere is no work for operators, whom the dead are shown to. */
const verdictOf = (status: UnreadFor, detail: string): DeliveryConclusion =>
  status === 413
    ? deadOf({ why: 'too-large', detail })
    : conclusionOf({ problem: unnamed(status), isFinal: true }, `nothing is at its address: ${detail}`);

const integrationIn = (path: string): Uuid | undefined =>
  path
    .split('/')
    .map(withoutCell)
    .find((part) => Uuid.safeParse(part).success);
