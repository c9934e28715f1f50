import { subscribe } from '@core/bus/subscribe';
import { readFeedBatch } from '@core/contracts/feed';
import { subjects } from '@core/contracts/subjects';
import type { NatsConnection } from 'nats';
import type { ToldDone } from './told-done.ts';

/** Notes what the ledger tells senders of their events. */
export function tapFeed(nats: NatsConnection, told: ToldDone): void {
  subscribe(nats, subjects.feed, ({ data }) => {
    const text = Buffer.from(data).toString();
    if (told.forged.has(text)) return;
    const batch = readFeedBatch(JSON.parse(text));
    for (const { id, position } of [...(batch?.events ?? []), ...(batch?.known ?? [])])
      told.add({ of: 'event', by: 'feed', id, position }, performance.now());
  });
}
