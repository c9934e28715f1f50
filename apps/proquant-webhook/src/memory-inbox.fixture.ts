import type { Uuid } from '@core/contracts/primitives';
import {
  SignalInbox,
  type EarlierDelivery,
  type PendingDelivery,
  type Received,
  type DeliveryConclusion,
} from '@core/signal-inbox/signal-inbox';

interface Kept {
  received: Received;
  deliveries: number;
  verdict: DeliveryConclusion | null;
  isDue: boolean;
}

const TURNED_AWAY: readonly (number | undefined)[] = [401, 429, 502, 503];

/** The inbox in memory: what is pending is due at once, and to one caller. It outlives the processes that write it. */
export class MemoryInbox extends SignalInbox {
  readonly kept = new Map<Uuid, Kept>();
  mood: 'well' | 'down' = 'well';
  /** Whether senders are registered as in this version still. */
  isCurrent = (_version: string): boolean => true;

  override async put(received: Received): Promise<EarlierDelivery | null> {
    if (this.mood === 'down') throw new Error('the inbox is down');
    const known = this.kept.get(received.id);
    if (!known) {
      this.kept.set(received.id, { received, deliveries: 1, verdict: null, isDue: false });
      return null;
    }
    const status = known.verdict?.status ?? null;
    known.deliveries += 1;
    if (known.verdict && TURNED_AWAY.includes(status ?? 0)) known.verdict = { ...known.verdict, state: 'pending' };
    return { status };
  }

  override async putOf(version: string, received: Received): ReturnType<SignalInbox['putOf']> {
    return this.isCurrent(version) ? this.put(received) : 'changed';
  }

  override async conclude(id: Uuid, verdict: DeliveryConclusion): Promise<void> {
    const known = this.kept.get(id);
    if (known) Object.assign(known, { verdict, isDue: true });
  }

  override concludeSoon(id: Uuid, verdict: DeliveryConclusion): Promise<void> {
    return this.conclude(id, verdict);
  }

  override async claim(which: 'due' | 'all'): Promise<readonly PendingDelivery[]> {
    const pending: PendingDelivery[] = [];
    for (const known of this.kept.values()) {
      const { id, integrationId, tokenHash, registration, body } = known.received;
      const isPending = (known.verdict?.state ?? 'pending') === 'pending' && (known.isDue || which === 'all');
      if (!isPending || body === null) continue;
      known.isDue = false;
      pending.push({ id, integrationId, tokenHash, registration, body });
    }
    return pending;
  }

  override async reopen(id: Uuid): Promise<boolean> {
    const known = this.kept.get(id);
    if (!known || known.received.body === null) return false;
    Object.assign(known, { verdict: null, isDue: true });
    return true;
  }

  /** No spec takes a day. */
  override async forget(days: number): Promise<void> {
    if (days > 0) return;
    for (const [id, { verdict }] of this.kept) if (verdict && verdict.state !== 'pending') this.kept.delete(id);
  }
}
