import type { Instant } from '@core/contracts/primitives';
import { instantFromMs, toMs } from '@core/kernel/instant';
import type { BrokerBook } from '@core/projections/broker-book/state';

/** From when on the broker's history can hold something that the book does not; null asks for all it keeps at hand. */
export function historyStart(book: BrokerBook, isSearching: boolean, marginMs: number): Instant | null {
  if (isSearching) return null;
  const sent = Object.values(book.requests).flatMap(({ dispatchedAt }) => dispatchedAt ?? []);
  const from = [...sent, book.lastDealAt ?? book.since].filter((instant) => instant !== null).sort()[0];
  return from === undefined ? null : instantFromMs(Math.max(0, toMs(from) - marginMs));
}
