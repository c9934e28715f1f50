import { readTicks, type PriceChange } from '@core/contracts/market/tick';
import type { Uuid, Venue } from '@core/contracts/primitives';

/** Price changes of a venue as its bars count them, in order. */
export interface HeardTicks {
  readonly venue: Venue;
  readonly changes: readonly PriceChange[];
  /** Others came before these and were not heard, or may have: bars made of what was heard are not the stored ones. */
  readonly missed: boolean;
}

/** The ticks of all venues as this process hears them. */
export class TickFeed {
  private readonly last = new Map<Venue, { readonly owner: Uuid; readonly number: number }>();
  private readonly listeners: ((heard: HeardTicks) => void)[] = [];

  /** Takes a body of `subjects.ticks`; anything else is ignored. */
  take(body: unknown): void {
    const parsed = readTicks(body);
    if (!parsed.success) return;
    const { venue, owner, number, changes } = parsed.data;
    const last = this.last.get(venue);
    this.last.set(venue, { owner, number });
    const missed = last !== undefined && (last.owner !== owner || last.number + 1 !== number);
    for (const listener of this.listeners) listener({ venue, changes, missed });
  }

  /** For as long as the process lives. */
  onTicks(listener: (heard: HeardTicks) => void): void {
    this.listeners.push(listener);
  }
}
