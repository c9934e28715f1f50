import type { TraderId } from '@core/contracts/primitives';
import { Injectable } from '@nestjs/common';
import { StreamSettings } from '../config.ts';
import { Refused } from '../refused.ts';

/** Places for streams of accounts: so many of all, and so many of one trader. */
@Injectable()
export class StreamSlots {
  private taken = 0;
  private readonly takenBy = new Map<TraderId, number>();
  private whenFree: (() => void) | null = null;

  constructor(private readonly settings: StreamSettings) {}

  /** Returns how to give the place back; throws `Refused` where there is none. */
  take(trader: TraderId): () => void {
    const { streamsMax, streamsPerTrader } = this.settings;
    const isFull = this.taken >= streamsMax || (this.takenBy.get(trader) ?? 0) >= streamsPerTrader;
    if (isFull) throw new Refused({ key: 'request.tooManyStreams' });
    this.count(trader, 1);
    return () => this.count(trader, -1);
  }

  /** Resolves when nobody has a place. */
  async free(): Promise<void> {
    if (this.taken > 0) await new Promise<void>((resolve) => (this.whenFree = resolve));
  }

  private count(trader: TraderId, change: 1 | -1): void {
    this.taken += change;
    const ofTrader = (this.takenBy.get(trader) ?? 0) + change;
    if (ofTrader > 0) this.takenBy.set(trader, ofTrader);
    else this.takenBy.delete(trader);
    if (this.taken === 0) this.whenFree?.();
  }
}
