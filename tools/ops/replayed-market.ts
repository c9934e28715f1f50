import { minuteOf } from '@core/bars/minute-series';
import { answerMarket } from '@core/bus/answers';
import type { MarketSnapshot, PriceStatus, Quote, Quotes } from '@core/contracts/market/quote';
import type { Venue } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { instantFromMs } from '@core/kernel/instant';
import type { BarStore, LastBar } from '@core/market-bars/bar-store';
import type { NatsConnection } from 'nats';
import type { OperatedSystem } from './system.ts';

const MINUTE_MS = 60_000;

/** Whoever speaks for a venue, and what is to be spoken of. */
type Instruments = Pick<MarketSnapshot, 'venue' | 'instruments'>;
type Prices = Pick<Quotes, 'quotes' | 'states'>;

/**
 * Speaks for the venues of a replay as whoever spoke for them then: the bid with which the last whole minute ended, as the
 * bars have it. Where they do not say for sure, the last bid that they know is stale, and where they know none there is
 * none. No ask is kept: it is told as the bid, with no depth. What can be traded, and how, is as venues tell it now.
 */
export class ReplayedMarket {
  private minuteMs: number | null = null;
  private readonly told = new Map<Venue, Prices>();

  private constructor(
    private readonly bars: Pick<BarStore, 'lastBars'>,
    private readonly nats: NatsConnection,
    private readonly markets: readonly Instruments[],
  ) {
    for (const market of markets) this.answer(market);
  }

  /** Of the venues that answer now and of which bars are kept. */
  static async open(system: OperatedSystem, nats: NatsConnection): Promise<ReplayedMarket> {
    const bars = await system.bars();
    const markets = (await areBarsKept(system)) ? await marketsOf(system) : [];
    return new ReplayedMarket(bars, nats, markets);
  }

  get venues(): readonly Venue[] {
    return this.markets.map(({ venue }) => venue);
  }

  /** Tells the prices of the minute that a moment lies in, unless they are told already. */
  async comeTo(momentMs: number): Promise<void> {
    const minuteMs = minuteOf(momentMs);
    if (minuteMs === this.minuteMs) return;
    this.minuteMs = minuteMs;
    for (const { venue, instruments } of this.markets) {
      const names = instruments.map(({ instrument }) => instrument);
      const prices = pricesAt(minuteMs, await this.bars.lastBars(venue, names, minuteMs));
      this.told.set(venue, prices);
      this.nats.publish(subjects.quotes(venue), JSON.stringify({ venue, ...prices } satisfies Quotes));
    }
    await this.nats.flush();
  }

  private answer(market: Instruments): void {
    this.nats.subscribe(subjects.marketSnapshot(market.venue), {
      callback: (_error, message) => {
        const snapshot: MarketSnapshot = { ...market, quotes: [], ...this.told.get(market.venue) };
        answerMarket(message, Buffer.from(JSON.stringify(snapshot)));
      },
    });
  }
}

function pricesAt(minuteMs: number, bars: readonly LastBar[]): Required<Prices> {
  const quotes: Quote[] = [];
  const states: PriceStatus[] = [];
  for (const { instrument, openedAtMs, close, isSettled } of bars) {
    const time = instantFromMs(isSettled ? minuteMs : openedAtMs + MINUTE_MS);
    quotes.push({ instrument, bid: close, ask: close, time, bids: [], asks: [] });
    states.push({ instrument, state: isSettled ? 'live' : 'stale', since: time });
  }
  return { quotes, states };
}

async function areBarsKept({ pool }: OperatedSystem): Promise<boolean> {
  const { rows } = await pool.query<{ isKept: boolean }>(
    `select to_regclass('market_data.bar') is not null as "isKept"`,
  );
  return rows[0]?.isKept === true;
}

/** None where nobody can be asked: a log is played without its services, too. */
async function marketsOf(system: OperatedSystem): Promise<readonly Instruments[]> {
  const market = await system.market().catch(() => null);
  if (!market) return [];
  const brokers = await (await system.registry()).brokers();
  const snapshots = await Promise.all(brokers.map(({ venue }) => market.snapshot(venue)));
  return snapshots.flatMap((snapshot) =>
    snapshot ? [{ venue: snapshot.venue, instruments: snapshot.instruments }] : [],
  );
}
