import { MarketView } from '@core/bus/market-view';
import type { Instrument, Venue } from '@core/contracts/primitives';
import type { InstrumentLookup } from '@core/domain/decision';
import type { NatsConnection } from 'nats';

/** What venues let accounts trade: told by connectors whenever it changes, asked for when nobody has told yet. */
export class Instruments {
  private readonly market = new MarketView();
  private readonly asking = new Map<Venue, Promise<boolean>>();

  constructor(
    private readonly connection: NatsConnection,
    private readonly pauseMs: number,
  ) {}

  /** A body of `subjects.instruments`. */
  apply(body: unknown): void {
    this.market.applySnapshot(body);
  }

  /** Asks the venue's connector unless its instruments are known; a venue that does not answer is not asked at once again. */
  async prepare(venue: Venue): Promise<void> {
    if (this.market.instruments(venue) !== null) return;
    const asking = this.asking.get(venue) ?? this.ask(venue);
    await asking;
  }

  lookUp(venue: Venue, instrument: Instrument): InstrumentLookup {
    return this.market.instrument(venue, instrument);
  }

  private ask(venue: Venue): Promise<boolean> {
    const asking = this.market.fetch(this.connection, venue);
    this.asking.set(venue, asking);
    void asking.then(() => setTimeout(() => this.asking.delete(venue), this.pauseMs).unref());
    return asking;
  }
}
