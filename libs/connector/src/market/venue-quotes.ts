import type { PriceState, PriceStatus, Quote } from '@core/contracts/market/quote';
import type { Decimal, Instant, Instrument, Side } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';
import type { PriceMoves, PriceStream } from '../broker-adapter.ts';
import { steadyClock, type Clock } from '../pacing/clock.ts';
import { PriceStates, type Trading } from './price-states.ts';

export interface VenueQuotesParts {
  /** A price that nobody has stood by for so long is stale. */
  readonly staleMs: number;
  /** Hears of what a stream has told since it was asked last. */
  onMoves(moves: PriceMoves): void;
}

/**
 * A venue's quotes as they stand: what its list said, what its stream said since, and what it answered when it was
 * asked. The last value wins, and each has its standing.
 */
export class VenueQuotes {
  private readonly latest = new Map<Instrument, Quote>();
  private readonly moved = new Set<Instrument>();
  /** Moves that were learnt by asking and that the stream has not told, since when. */
  private readonly untold = new Map<Instrument, number>();
  private readonly states: PriceStates;
  private stream: Pick<PriceStream, 'drain' | 'quote'> | null = null;
  /** Since when the stream has been listened to, on the wall clock. */
  private followedMs: number | null = null;
  /** When a stream last told a price. */
  private streamedAtMs = -Infinity;
  /** When the last stream was lost: what moved since then nobody has told. */
  private lostAtMs = -Infinity;

  constructor(
    private readonly parts: VenueQuotesParts,
    private readonly clock: Pick<Clock, 'now'> = steadyClock,
  ) {
    this.states = new PriceStates(parts.staleMs);
  }

  /** Now, on its clock. */
  get nowMs(): number {
    return this.clock.now();
  }

  get streamedMs(): number {
    this.collect();
    return this.streamedAtMs;
  }

  /** Prices come from this stream from now on; what the one before has told stays. */
  follow(stream: Pick<PriceStream, 'drain' | 'quote'> | null): void {
    this.collect();
    this.untold.clear();
    if (stream === null && this.stream !== null) this.lostAtMs = this.clock.now();
    this.stream = stream;
    this.followedMs = stream === null ? null : Date.now();
  }

  /** Since when no price was missed; null while none is heard. */
  get streamedSince(): Instant | null {
    return this.followedMs === null ? null : instantFromMs(this.followedMs);
  }

  /** Prices that instruments were listed with at a moment: they count where no other has come. */
  list(quotes: readonly Quote[], listedMs: number): void {
    this.collect();
    for (const quote of quotes) {
      if (this.latest.has(quote.instrument)) continue;
      this.put(quote);
      this.states.know(quote.instrument, listedMs, this.clock.now());
    }
  }

  /** The broker was asked, and says that this is the price: whether or not it moved, it is the one of now. */
  answered(quote: Quote): void {
    this.collect();
    const { instrument, time } = quote;
    const known = this.latest.get(instrument);
    if (!known || time > known.time) {
      this.put(quote);
      if (!this.untold.has(instrument)) this.untold.set(instrument, this.clock.now());
    }
    this.states.confirm(instrument, this.clock.now());
  }

  /** Instruments of which the stream has not told a move for so long. */
  lagging(ms: number): ReadonlySet<Instrument> {
    this.collect();
    const sinceMs = this.clock.now() - ms;
    return new Set([...this.untold].flatMap(([instrument, atMs]) => (atMs <= sinceMs ? [instrument] : [])));
  }

  /** How long nobody has stood by the last price; Infinity where there is none. */
  ageMs(instrument: Instrument): number {
    this.collect();
    return this.states.ageMs(instrument, this.clock.now());
  }

  /** Looks at how prices stand by now. */
  update(tradingOf: (instrument: Instrument) => Trading): void {
    this.collect();
    this.states.update(this.clock.now(), tradingOf);
  }

  /** Quotes that moved since the last call, and those that stand otherwise. */
  drain(): { readonly quotes: Quote[]; readonly states: PriceStatus[] } {
    this.collect();
    const quotes = [...this.moved].flatMap((instrument) => this.latest.get(instrument) ?? []);
    this.moved.clear();
    return { quotes, states: this.states.drain(this.clock.now(), Date.now()) };
  }

  all(): { readonly quotes: Quote[]; readonly states: PriceStatus[] } {
    this.collect();
    return { quotes: [...this.latest.values()], states: this.states.all(this.clock.now(), Date.now()) };
  }

  /** How many instruments stand so. */
  count(state: PriceState): number {
    return this.states.count(state);
  }

  /**
   * The price an order of this side would meet, roughly; none where it is stale, and where nobody has stood by it since
   * a stream was lost: what waited for the broker to come back must not go at the price from before.
   */
  price(instrument: Instrument, side: Side): Decimal | null {
    this.collect();
    const confirmedMs = this.clock.now() - this.states.ageMs(instrument, this.clock.now());
    if (this.states.isStale(instrument) || confirmedMs <= this.lostAtMs) return null;
    const quote = this.stream?.quote(instrument) ?? this.latest.get(instrument);
    return (side === 'buy' ? quote?.ask : quote?.bid) ?? null;
  }

  private collect(): void {
    const moves = this.stream?.drain();
    if (!moves || moves.received === 0) return;
    this.streamedAtMs = this.clock.now();
    for (const quote of moves.quotes) {
      this.untold.delete(quote.instrument);
      this.put(quote);
      this.states.confirm(quote.instrument, this.streamedAtMs);
    }
    this.parts.onMoves(moves);
  }

  private put(quote: Quote): void {
    this.latest.set(quote.instrument, quote);
    this.moved.add(quote.instrument);
  }
}
