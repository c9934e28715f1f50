import { anInstrument } from '@core/contracts/market/example.fixture';
import type { TradingHours } from '@core/contracts/market/hours';
import type { PriceState, Quote } from '@core/contracts/market/quote';
import { instantFromMs } from '@core/kernel/instant';
import { ManualClock } from '@core/testing/manual-clock';
import { NoTurn } from '../broker-failure.ts';
import { quietSession } from '../quiet-session.fixture.ts';
import { PriceWatch } from './price-watch.ts';
import { VenueCatalog } from './venue-catalog.ts';
import { VenueQuotes } from './venue-quotes.ts';

const ASK_MS = 5_000;
const EPOCH_MS = Date.UTC(2026, 0, 5, 10); // a Monday

describe('a watch over prices', () => {
  let clock: ManualClock;
  let quotes: VenueQuotes;
  let watch: PriceWatch;
  /** What the broker's market is at, and when it came to be so. */
  let market: { bid: Quote['bid']; movedMs: number };
  let isStreaming: boolean;
  let streamed: Quote[];
  let isAway: boolean;
  let isOff: boolean;
  let asked: string[][];
  let resubscribed: number[];
  let hours: TradingHours | null;

  const quoteAt = (): Quote => ({
    ...{ instrument: 'EURUSD', bid: market.bid, ask: '9', time: instantFromMs(EPOCH_MS + market.movedMs) },
    ...{ bids: [], asks: [] },
  });

  beforeEach(async () => {
    clock = new ManualClock();
    market = { bid: '1', movedMs: 0 };
    isOff = false;
    [isStreaming, streamed, isAway, asked, resubscribed, hours] = [true, [], false, [], [], null];
    quotes = new VenueQuotes({ staleMs: 20_000, onMoves: () => undefined }, clock);
    quotes.follow({
      drain() {
        const moved = streamed.splice(0);
        return { quotes: moved, received: moved.length, unreadable: 0 };
      },
      quote: () => null,
    });
    const catalog = new VenueCatalog();
    await catalog.load(
      quietSession({
        instruments: () => Promise.resolve({ instruments: [anInstrument()], quotes: [], unreadable: [] }),
      }),
      0,
    );
    const session = quietSession({
      quotes: (instruments) => {
        asked.push(instruments.map(({ instrument }) => instrument));
        return Promise.resolve({ values: [quoteAt()], unreadable: 0, asked: instruments.length });
      },
    });
    watch = new PriceWatch('sim', {
      settings: { askPricesMs: ASK_MS, tickInstrumentsMax: 10 },
      ...{ catalog, quotes, switches: { isOff: () => isOff } },
      ...{ metrics: { pricesLagged: () => undefined }, log: { warn: () => undefined } },
      ask: (question) => (isAway ? Promise.reject(new NoTurn('no session')) : question(session)),
      hoursOf: () => (isAway ? Promise.reject(new NoTurn('no session')) : Promise.resolve()),
      hours: () => hours,
      nowMs: () => EPOCH_MS + clock.now(),
      resubscribe: async (_instruments, again) => void resubscribed.push(again),
    });
    moves('1.1');
  });

  function moves(bid: Quote['bid']): void {
    market = { bid, movedMs: clock.now() };
    if (isStreaming) streamed.push(quoteAt());
    quotes.drain();
  }

  /** Looks as often as it would. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= ASK_MS) {
      await clock.advance(ASK_MS);
      await watch.look();
    }
  }

  const state = (): PriceState | undefined => quotes.all().states[0]?.state;

  it('asks after what does not move, and lets a quiet market be: its price is live', async () => {
    await pass(120_000);
    expect([state(), resubscribed, asked.length > 0]).toEqual(['live', [], true]);
  });

  it('does not ask after what moves', async () => {
    for (const bid of ['1.2', '1.3', '1.4'] as const) {
      await clock.advance(ASK_MS - 1);
      moves(bid);
      await watch.look();
    }
    expect(asked).toEqual([]);
  });

  it('tells a stream that hangs by a price that it owes, asks it again, and knows the price meanwhile', async () => {
    isStreaming = false;
    await clock.advance(ASK_MS);
    moves('1.2');
    await pass(ASK_MS);
    expect([quotes.price('EURUSD', 'sell'), state()]).toEqual(['1.2', 'live']);
    await pass(ASK_MS * 3);
    expect(resubscribed).toEqual([1, 2, 3]);
  });

  it('forgives a stream that told late, and begins anew with the next time', async () => {
    isStreaming = false;
    await clock.advance(ASK_MS);
    moves('1.2');
    await pass(ASK_MS);
    streamed.push(quoteAt());
    quotes.drain();
    await pass(ASK_MS * 4);
    expect(resubscribed).toEqual([]);
  });

  it('says that a price is stale while nobody can be asked, and live again when somebody can', async () => {
    isAway = true;
    await pass(25_000);
    expect([state(), quotes.price('EURUSD', 'buy')]).toEqual(['stale', null]);
    isAway = false;
    await pass(ASK_MS);
    expect(state()).toBe('live');
  });

  it('says that an instrument is off, whatever moves', async () => {
    isOff = true;
    await pass(ASK_MS);
    moves('1.2');
    expect(state()).toBe('off');
    isOff = false;
    await pass(ASK_MS);
    expect(state()).toBe('live');
  });

  it('says that a market is closed by its hours, and does not ask then', async () => {
    const day = { day: 1, fromMinute: 0, toMinute: 10 * 60 };
    hours = { instrument: 'EURUSD', zone: 'UTC', quotes: [day], trading: [day], readAt: instantFromMs(EPOCH_MS) };
    await pass(60_000);
    expect([state(), asked]).toEqual(['closed', []]);
    expect(quotes.price('EURUSD', 'sell')).toBe('1.1');
  });
});
