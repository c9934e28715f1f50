import { MarketView } from '@core/bus/market-view';
import type { Currency, Venue } from '@core/contracts/primitives';
import { Injectable } from '@nestjs/common';
import { SymbolMapping } from '../accounts/symbol-mapping.ts';
import { PricedVenue } from './priced-venue.ts';

/** Each venue's market in each currency some account is kept in. */
@Injectable()
export class PricedVenues {
  private readonly markets = new Map<string, PricedVenue>();

  constructor(
    private readonly market: MarketView,
    private readonly mapping: SymbolMapping,
  ) {}

  /** `currency` null: the broker has not named it, so nothing is converted. */
  of(venue: Venue, currency: Currency | null): PricedVenue {
    const key = `${venue} ${currency ?? ''}`;
    const known = this.markets.get(key);
    if (known) return known;
    const made = new PricedVenue(this.market, venue, currency, this.mapping);
    this.markets.set(key, made);
    return made;
  }
}
