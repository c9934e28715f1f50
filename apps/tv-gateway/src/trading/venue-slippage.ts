import { RegistryNews } from '@core/edge/registry-news';
import type { Decimal, Instrument, Venue } from '@core/contracts/primitives';
import type { SlippageBound } from '@core/registry/entities';
import { Injectable } from '@nestjs/common';
import { AuthSettings } from '../config.ts';

/** Where operators say how far prices may slip at venues. */
export abstract class SlippageTable {
  abstract bounds(): Promise<readonly SlippageBound[]>;
}

/** In percent, of the instruments of a venue of which something is said. */
export type InstrumentBounds = ReadonlyMap<Instrument, Decimal>;

export const NO_BOUNDS: InstrumentBounds = new Map();

/** By venue and instrument; `*` and the empty name are all that have none of their own. */
type Bounds = ReadonlyMap<Venue | '*', InstrumentBounds>;

/** Where nothing is said of everywhere. */
const DEFAULT_PERCENT: Decimal = '0.5';

/** How far the price of a market order may slip at a venue, asked of the registry at most every few seconds. */
@Injectable()
export class VenueSlippage {
  private known: Promise<Bounds> | null = null;
  private askedAt = -Infinity;

  constructor(
    private readonly settings: AuthSettings,
    private readonly table: SlippageTable,
    registry: RegistryNews,
  ) {
    registry.onChanged(() => (this.known = null));
  }

  /** In percent: what is said of the instrument, or else of its venue, or else of everywhere. */
  async percentOf(venue: Venue, instrument: Instrument | ''): Promise<Decimal> {
    const bounds = await this.bounds();
    return (
      bounds.get(venue)?.get(instrument) ?? bounds.get(venue)?.get('') ?? bounds.get('*')?.get('') ?? DEFAULT_PERCENT
    );
  }

  /** What is said of single instruments; the same object for as long as it is believed. */
  async ofInstruments(venue: Venue): Promise<InstrumentBounds> {
    return (await this.bounds()).get(venue) ?? NO_BOUNDS;
  }

  private bounds(): Promise<Bounds> {
    const now = performance.now();
    if (this.known !== null && now - this.askedAt < this.settings.authCacheMs) return this.known;
    this.askedAt = now;
    const asked = this.read();
    this.known = asked;
    // What could not be read is asked for again by whoever comes next.
    asked.catch(() => {
      if (this.known === asked) this.known = null;
    });
    return asked;
  }

  private async read(): Promise<Bounds> {
    const byVenue = new Map<Venue | '*', Map<Instrument | '', Decimal>>();
    for (const { venue, instrument, percent } of await this.table.bounds())
      byVenue.set(venue, (byVenue.get(venue) ?? new Map<Instrument | '', Decimal>()).set(instrument, percent));
    return byVenue;
  }
}
