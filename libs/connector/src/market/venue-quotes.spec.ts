import type { Quote } from '@core/contracts/market/quote';
import type { PriceMoves } from '../broker-adapter.ts';
import { ManualClock } from '@core/testing/manual-clock';
import { VenueQuotes } from './venue-quotes.ts';

const quoteOf = (instrument: string, bid: Quote['bid']): Quote => ({
  ...{ instrument, bid, ask: '9', time: '2026-01-05T10:00:00.000000Z' },
  ...{ bids: [[bid, null]], asks: [['9', null]] },
});

/** A stream that says what it is told to, once. */
class Stream {
  quotes: Quote[] = [];
  standing: Quote | null = null;

  drain(): PriceMoves {
    const quotes = this.quotes.splice(0);
    return { quotes, received: quotes.length, unreadable: 0 };
  }

  quote(): Quote | null {
    return this.standing;
  }
}

describe('a venue’s quotes', () => {
  let stream: Stream;
  let quotes: VenueQuotes;
  let received: number;
  let clock: ManualClock;
  beforeEach(() => {
    stream = new Stream();
    received = 0;
    clock = new ManualClock();
    quotes = new VenueQuotes({ staleMs: 20_000, onMoves: (moves) => (received += moves.received) }, clock);
    quotes.follow(stream);
  });

  const bids = (all: readonly Quote[]) => all.map(({ instrument, bid }) => `${instrument} ${bid}`);

  it('are told when they moved, once, at their last value', () => {
    stream.quotes = [quoteOf('A', '1'), quoteOf('B', '1')];
    expect(bids(quotes.drain().quotes)).toEqual(['A 1', 'B 1']);
    stream.quotes = [quoteOf('A', '2')];
    expect(bids(quotes.drain().quotes)).toEqual(['A 2']);
    expect(quotes.drain().quotes).toEqual([]);
    expect(received).toBe(3);
  });

  it('are told to everyone although somebody has asked for all of them in between', () => {
    stream.quotes = [quoteOf('A', '1')];
    expect(bids(quotes.all().quotes)).toEqual(['A 1']);
    expect(bids(quotes.drain().quotes)).toEqual(['A 1']);
  });

  it('are the prices of the list where no other has come, and win over them', () => {
    quotes.list([quoteOf('A', '1')], 0);
    expect(quotes.price('A', 'sell')).toBe('1');
    expect(bids(quotes.drain().quotes)).toEqual(['A 1']);
    stream.quotes = [quoteOf('A', '2')];
    quotes.list([quoteOf('A', '1'), quoteOf('B', '1')], 0);
    expect(bids(quotes.all().quotes)).toEqual(['A 2', 'B 1']);
  });

  it('outlive their stream, with the last it has told; none trades by it until somebody stands by it again', async () => {
    stream.quotes = [quoteOf('A', '1')];
    quotes.follow(null);
    expect(bids(quotes.drain().quotes)).toEqual(['A 1']);
    expect(quotes.price('A', 'sell')).toBeNull();
    await clock.advance(1);
    quotes.answered(quoteOf('A', '1'));
    expect([quotes.price('A', 'sell'), quotes.price('A', 'buy'), quotes.price('B', 'buy')]).toEqual(['1', '9', null]);
  });

  it('are as fresh as the stream where one price is asked for', () => {
    stream.quotes = [quoteOf('A', '1')];
    quotes.drain();
    stream.standing = quoteOf('A', '2');
    expect(quotes.price('A', 'sell')).toBe('2');
  });
});
