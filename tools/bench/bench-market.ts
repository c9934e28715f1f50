import { connectNats } from '@core/bus/nats-connection';
import { aPair } from '@core/contracts/market/example.fixture';
import type { HoursAnswer, HoursRequest } from '@core/contracts/market/hours';
import type { MarketSnapshot, Quote } from '@core/contracts/market/quote';
import type { Decimal, Instrument, Venue } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { add } from '@core/kernel/decimal';
import { newId, now } from '@core/service/clock';
import type { Event } from '@core/contracts/event';
import type { NatsConnection } from 'nats';

const ALWAYS = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, fromMinute: 0, toMinute: 1_440 }));
const SPREAD = '0.0002';
const since = now();

/** A venue that this process speaks for, as a connector does. */
export class BenchMarket {
  private constructor(
    private readonly nats: NatsConnection,
    readonly venue: Venue,
    readonly instruments: readonly Instrument[],
  ) {}

  static async open(natsUrl: string, venue: Venue, instruments: readonly Instrument[]): Promise<BenchMarket> {
    const nats = await connectNats({ url: natsUrl, name: 'bench-market' });
    const market = new BenchMarket(nats, venue, instruments);
    nats.subscribe(subjects.marketSnapshot(venue), {
      callback: (_error, message) => void message.respond(JSON.stringify(market.snapshot())),
    });
    nats.subscribe(subjects.hours(venue), {
      callback: (_error, message) => void message.respond(JSON.stringify(market.hours(message.json<HoursRequest>()))),
    });
    return market;
  }

  /** Tells what is traded, as on a change: who knows no account of the venue does not ask. */
  describe(): Promise<void> {
    this.nats.publish(subjects.instruments(this.venue), JSON.stringify(this.snapshot()));
    return this.nats.flush();
  }

  /** Tells prices of some instruments, the ask above each bid. */
  tell(bids: ReadonlyMap<Instrument, Decimal>): void {
    const quotes = [...bids].map(([instrument, bid]) => aQuote(instrument, bid));
    this.nats.publish(subjects.quotes(this.venue), JSON.stringify({ venue: this.venue, quotes, streamedSince: since }));
  }

  /** States a fact. */
  state(event: Event): Promise<void> {
    this.nats.publish(subjects.intake(event.subject), JSON.stringify({ batchid: newId(), events: [event] }));
    return this.nats.flush();
  }

  close(): Promise<void> {
    return this.nats.close();
  }

  private snapshot(): MarketSnapshot {
    const { venue, instruments } = this;
    return {
      venue,
      instruments: instruments.map((instrument) => aPair(instrument, { venue })),
      quotes: instruments.map((instrument) => aQuote(instrument, '1.1')),
    };
  }

  private hours({ instruments }: HoursRequest): HoursAnswer {
    const week = { zone: 'Etc/UTC', quotes: ALWAYS, trading: ALWAYS, readAt: now() };
    return { ok: true, venue: this.venue, hours: instruments.map((instrument) => ({ instrument, ...week })) };
  }
}

const aQuote = (instrument: Instrument, bid: Decimal): Quote => ({
  ...{ instrument, bid, ask: add(bid, SPREAD), time: now() },
  ...{ bids: [], asks: [] },
});
