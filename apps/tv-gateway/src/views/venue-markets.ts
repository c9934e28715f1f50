import { MarketView } from '@core/bus/market-view';
import type { Currency, Venue } from '@core/contracts/primitives';
import { Injectable } from '@nestjs/common';
import { VenueMarket } from './venue-market.ts';

/** Each venue's market in each currency some account is kept in. */
@Injectable()
export class VenueMarkets {
  private readonly markets = new Map<string, VenueMarket>();

  constructor(private readonly market: MarketView) {}

  /** `currency` null: the broker has not named it, so nothing is converted. */
  of(venue: Venue, currency: Currency | null): VenueMarket {
    const key = `${venue} ${currency ?? ''}`;
    const known = this.markets.get(key);
    if (known) return known;
    const made = new VenueMarket(this.market, venue, currency);
    this.markets.set(key, made);
    return made;
  }
}
