import type { PriceMoves, PriceStream, PriceTerms } from '@core/connector/broker-adapter';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import type { Instrument } from '@core/contracts/primitives';
import type { QuoteSource } from './quote-source.ts';

/** The other venue's prices, passed on. */
export class PaperPriceStream implements PriceStream {
  private readonly subscribed = new Set<Instrument>();
  private readonly moved = new Set<Instrument>();
  private readonly leave: () => void;
  private received = 0;
  private isClosed = false;

  /** `onClosed` is called once, when no price comes any more. */
  constructor(
    private readonly source: QuoteSource,
    private readonly terms: PriceTerms,
    private readonly onClosed: (reason: string) => void,
  ) {
    this.leave = source.follow((moved) => this.take(moved));
  }

  subscribe({ instrument }: InstrumentSpec): Promise<void> {
    this.subscribed.add(instrument);
    return Promise.resolve();
  }

  drain(): PriceMoves {
    const quotes = [...this.moved].flatMap((instrument) => this.quote(instrument) ?? []);
    const { received } = this;
    this.moved.clear();
    this.received = 0;
    return { quotes, received, unreadable: 0 };
  }

  quote(instrument: Instrument): Quote | null {
    const quote = this.source.priced.quote(instrument);
    const levels = this.terms.deepestLevel + 1;
    return quote && { ...quote, bids: quote.bids.slice(0, levels), asks: quote.asks.slice(0, levels) };
  }

  close(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.leave();
    this.onClosed(reason);
  }

  private take(moved: ReadonlySet<Instrument>): void {
    for (const instrument of moved) {
      if (!this.subscribed.has(instrument)) continue;
      this.moved.add(instrument);
      this.received += 1;
    }
  }
}
