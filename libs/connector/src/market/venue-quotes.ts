import type { Quote } from '@core/contracts/market/quote';
import type { Decimal, Instrument, Side } from '@core/contracts/primitives';
import type { PriceMoves, PriceStream } from '../broker-adapter.ts';

/** A venue's quotes as they stand: what its list said, and what its stream said since. The last value wins. */
export class VenueQuotes {
  private readonly latest = new Map<Instrument, Quote>();
  private readonly moved = new Set<Instrument>();
  private stream: Pick<PriceStream, 'drain' | 'quote'> | null = null;

  /** `onMoves` hears of what a stream has told since it was asked last. */
  constructor(private readonly onMoves: (moves: PriceMoves) => void) {}

  /** Prices come from this stream from now on; what the one before has told stays. */
  follow(stream: Pick<PriceStream, 'drain' | 'quote'> | null): void {
    this.collect();
    this.stream = stream;
  }

  /** Prices that instruments were listed with: they count where no other has come. */
  list(quotes: readonly Quote[]): void {
    this.collect();
    for (const quote of quotes) if (!this.latest.has(quote.instrument)) this.put(quote);
  }

  /** Quotes that moved since the last call. */
  drain(): Quote[] {
    this.collect();
    const quotes = [...this.moved].flatMap((instrument) => this.latest.get(instrument) ?? []);
    this.moved.clear();
    return quotes;
  }

  all(): Quote[] {
    this.collect();
    return [...this.latest.values()];
  }

  /** The price an order of this side would meet, roughly. */
  price(instrument: Instrument, side: Side): Decimal | null {
    const quote = this.stream?.quote(instrument) ?? this.latest.get(instrument);
    return (side === 'buy' ? quote?.ask : quote?.bid) ?? null;
  }

  private collect(): void {
    const moves = this.stream?.drain();
    if (!moves || moves.received === 0) return;
    for (const quote of moves.quotes) this.put(quote);
    this.onMoves(moves);
  }

  private put(quote: Quote): void {
    this.latest.set(quote.instrument, quote);
    this.moved.add(quote.instrument);
  }
}
