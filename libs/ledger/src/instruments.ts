import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { readMarketSnapshot, type MarketSnapshot } from '@core/contracts/market/quote';
import type { Instrument, Venue } from '@core/contracts/primitives';
import type { InstrumentLookup } from '@core/domain/decision';

/** Asks who speaks for a venue; null when nobody answers. */
export type AskSnapshot = (venue: Venue) => Promise<MarketSnapshot | null>;

/** What venues let accounts trade: told by connectors whenever it changes, asked for when nobody has told yet. */
export class Instruments {
  private readonly venues = new Map<Venue, ReadonlyMap<Instrument, InstrumentSpec>>();
  private readonly asking = new Map<Venue, Promise<void>>();

  constructor(
    private readonly askSnapshot: AskSnapshot,
    private readonly pauseMs: number,
  ) {}

  /** A body of `subjects.instruments`; anything else is ignored. */
  apply(body: unknown): void {
    const { data } = readMarketSnapshot(body);
    if (data) this.take(data);
  }

  /** Asks unless the venue's instruments are known; a venue that does not answer is not asked at once again. */
  async prepare(venue: Venue): Promise<void> {
    if (!this.venues.has(venue)) await (this.asking.get(venue) ?? this.ask(venue));
  }

  lookUp(venue: Venue, instrument: Instrument): InstrumentLookup {
    const instruments = this.venues.get(venue);
    return instruments ? (instruments.get(instrument) ?? 'unknown') : 'unavailable';
  }

  private ask(venue: Venue): Promise<void> {
    const asking = this.askSnapshot(venue)
      .finally(() => setTimeout(() => this.asking.delete(venue), this.pauseMs).unref())
      .then((snapshot) => (snapshot ? this.take(snapshot) : undefined));
    this.asking.set(venue, asking);
    return asking;
  }

  private take({ venue, instruments }: MarketSnapshot): void {
    this.venues.set(venue, new Map(instruments.map((spec) => [spec.instrument, spec])));
  }
}
