import { MarketClient } from '@core/bus/market-client';
import { MarketView } from '@core/bus/market-view';
import { parseJson } from '@core/bus/plain-json';
import { subscribe } from '@core/bus/subscribe';
import { openingPrice } from '@core/contracts/market/valuation';
import type { Decimal, Instrument, Side, Venue } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { inBackground } from '@core/service/in-background';
import type { NatsConnection, Subscription } from 'nats';

/** Prices of venues that another instance speaks for, listened to from the first question after them. */
export class HeardPrices {
  private readonly view = new MarketView();
  private readonly hearing = new Map<Venue, Subscription>();
  private readonly client: MarketClient;

  constructor(private readonly nats: NatsConnection) {
    this.client = new MarketClient(nats);
  }

  /** What an order of this side would meet; null where no live price has been heard (yet). */
  price(venue: Venue, instrument: Instrument, side: Side): Decimal | null {
    if (!this.hearing.has(venue)) this.follow(venue);
    this.view.listen();
    const quote = this.view.priced(venue).quote(instrument);
    return quote && openingPrice(side, quote);
  }

  /** Nobody asks after this venue's prices here any more. */
  forget(venue: Venue): void {
    this.hearing.get(venue)?.unsubscribe();
    this.hearing.delete(venue);
  }

  private follow(venue: Venue): void {
    const { nats, view } = this;
    this.hearing.set(
      venue,
      subscribe(nats, subjects.quotes(venue), ({ data }) => {
        view.applyQuotes(parseJson(data));
      }),
    );
    inBackground('asking for prices', this.fetch(venue));
  }

  private async fetch(venue: Venue): Promise<void> {
    const snapshot = await this.client.snapshot(venue);
    if (snapshot) this.view.take(snapshot);
  }
}
