import { ConversionRates } from '@core/contracts/market/conversion';
import { aPair } from '@core/contracts/market/example.fixture';
import type { CandleRequest, CandlesAnswer } from '@core/contracts/market/candle';
import type { HoursAnswer } from '@core/contracts/market/hours';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { PriceState, Quote } from '@core/contracts/market/quote';
import type { PricedMarket } from '@core/contracts/market/valuation';
import type { Decimal, Instrument } from '@core/contracts/primitives';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { now } from '@core/service/clock';
import type { QuoteSource } from './quote-source.ts';

/** A venue that says what it is told, the euro in dollars first of all. */
export class MemoryQuoteSource implements QuoteSource {
  readonly venue = 'elsewhere';
  readonly listeners = new Set<(moved: ReadonlySet<Instrument>) => void>();
  readonly quotes = new Map<Instrument, Quote>();
  readonly priced: PricedMarket;
  instruments: ReadonlyMap<Instrument, InstrumentSpec> | null;
  isSilent = false;
  /** How prices stand that are not live. */
  readonly states = new Map<Instrument, PriceState>();

  constructor(specs: readonly InstrumentSpec[] = [aPair('EURUSD', { venue: 'elsewhere' })]) {
    this.instruments = new Map(specs.map((spec) => [spec.instrument, spec]));
    const quote = (instrument: Instrument): Quote | null => this.quotes.get(instrument) ?? null;
    this.priced = { quote, rates: new ConversionRates(specs, quote) };
  }

  get bookedRates(): ConversionRates {
    return this.priced.rates;
  }

  get silentMs(): number {
    return this.isSilent ? Infinity : 0;
  }

  state(instrument: Instrument): PriceState {
    return this.states.get(instrument) ?? 'live';
  }

  say(bid: Decimal, ask: Decimal, time = now(), instrument: Instrument = 'EURUSD'): void {
    const level = (price: Decimal): [Decimal, null] => [price, null];
    this.quotes.set(instrument, { instrument, bid, ask, time, bids: [level(bid)], asks: [level(ask)] });
    for (const listener of this.listeners) listener(new Set([instrument]));
  }

  fetch(): Promise<boolean> {
    return Promise.resolve(this.instruments !== null);
  }

  follow(listener: (moved: ReadonlySet<Instrument>) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Two candles a page, as many as there are minutes. */
  candles({ instrument, period, from, to }: Omit<CandleRequest, 'venue'> & { from: string }): Promise<CandlesAnswer> {
    if (!this.instruments?.has(instrument))
      return Promise.resolve({ ok: false, reason: 'unknown-instrument', text: null });
    const untilMs = to === null ? Date.now() : toMs(to);
    const opened = [0, 1, 2].map((nth) => toMs(from) + nth * 60_000).filter((ms) => ms < untilMs);
    const prices = { open: '1.1', high: '1.1', low: '1.1', close: '1.1', volume: '1' } as const;
    const candles = opened.slice(0, 2).map((ms) => ({ openedAt: instantFromMs(ms), ...prices }));
    const next = opened[2];
    const more = next === undefined ? null : instantFromMs(next);
    return Promise.resolve({ ok: true, venue: this.venue, instrument, period, candles, more });
  }

  hours(instruments: readonly Instrument[]): Promise<HoursAnswer> {
    const week = { zone: 'Europe/Warsaw', quotes: [], trading: [], readAt: now() };
    const hours = instruments.map((instrument) => ({ instrument, ...week }));
    return Promise.resolve({ ok: true, venue: this.venue, hours });
  }
}
