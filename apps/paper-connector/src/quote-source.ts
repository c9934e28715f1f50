import { MarketClient } from '@core/bus/market-client';
import { MarketView } from '@core/bus/market-view';
import { onReconnect } from '@core/bus/nats-connection';
import { parseJson } from '@core/bus/plain-json';
import { subscribe } from '@core/bus/subscribe';
import type { CandlesAnswer, CandleRequest } from '@core/contracts/market/candle';
import type { ConversionRates } from '@core/contracts/market/conversion';
import type { HoursAnswer } from '@core/contracts/market/hours';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { PriceState } from '@core/contracts/market/quote';
import type { PricedMarket } from '@core/contracts/market/valuation';
import type { Instrument, Venue } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { inBackground } from '@core/service/in-background';
import type { NatsConnection } from 'nats';

/** Another venue's market, as far as it was heard of. */
export interface QuoteSource {
  readonly venue: Venue;
  readonly priced: PricedMarket;
  /** Of prices that the venue stands by. */
  readonly bookedRates: ConversionRates;
  /** Null while nobody has spoken for the venue. */
  readonly instruments: ReadonlyMap<Instrument, InstrumentSpec> | null;
  /** How long nobody has told a price of the venue. */
  readonly silentMs: number;
  /** How the venue's last price stands. */
  state(instrument: Instrument): PriceState;
  /** Asks whoever speaks for the venue; false when nobody does. */
  fetch(): Promise<boolean>;
  /** Calls back with what has moved, until what it returns is called. */
  follow(listener: (moved: ReadonlySet<Instrument>) => void): () => void;
  candles(request: Omit<CandleRequest, 'venue'> & { readonly from: string }): Promise<CandlesAnswer>;
  hours(instruments: readonly Instrument[]): Promise<HoursAnswer>;
}

/** The market of a venue on NATS, listened to for as long as the connection lasts. */
export class NatsQuoteSource implements QuoteSource {
  private readonly view = new MarketView();
  private readonly listeners = new Set<(moved: ReadonlySet<Instrument>) => void>();
  private readonly client: MarketClient;
  private heardMs = -Infinity;

  constructor(
    nats: NatsConnection,
    readonly venue: Venue,
    private readonly timeoutMs: number,
  ) {
    this.client = new MarketClient(nats);
    subscribe(nats, subjects.quotes(venue), ({ data }) => this.hear(data));
    subscribe(nats, subjects.instruments(venue), ({ data }) => this.view.applySnapshot(parseJson(data)));
    // Instruments may have changed meanwhile; prices come by themselves.
    onReconnect(nats, () => inBackground('asking for instruments', this.fetch()));
  }

  get priced(): PricedMarket {
    return this.view.lastPriced(this.venue);
  }

  get bookedRates(): ConversionRates {
    this.view.listen();
    return this.view.priced(this.venue).rates;
  }

  get instruments(): ReadonlyMap<Instrument, InstrumentSpec> | null {
    return this.view.instruments(this.venue);
  }

  get silentMs(): number {
    return performance.now() - this.heardMs;
  }

  state(instrument: Instrument): PriceState {
    this.view.listen();
    return this.view.standing(this.venue, instrument).state;
  }

  async fetch(): Promise<boolean> {
    const snapshot = await this.client.snapshot(this.venue);
    if (snapshot) this.view.take(snapshot);
    return snapshot !== null;
  }

  follow(listener: (moved: ReadonlySet<Instrument>) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  candles(request: Omit<CandleRequest, 'venue'> & { readonly from: string }): Promise<CandlesAnswer> {
    return this.client.candles({ venue: this.venue, ...request }, this.timeoutMs);
  }

  hours(instruments: readonly Instrument[]): Promise<HoursAnswer> {
    return this.client.hours({ venue: this.venue, instruments: [...instruments] }, this.timeoutMs);
  }

  private hear(bytes: Uint8Array): void {
    const quotes = this.view.applyQuotes(parseJson(bytes));
    if (quotes.length === 0) return;
    this.heardMs = performance.now();
    const moved = new Set(quotes.map(({ instrument }) => instrument));
    for (const listener of this.listeners) listener(moved);
  }
}
