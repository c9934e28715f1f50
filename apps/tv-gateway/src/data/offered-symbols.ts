import { MarketView } from '@core/bus/market-view';
import { HOURS_INSTRUMENTS_MAX, type TradingHours } from '@core/contracts/market/hours';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Instrument, Venue } from '@core/contracts/primitives';
import { EdgeAdapters } from '@core/edge/edge-adapters';
import { VenueWatch } from '@core/edge/venue-watch';
import { SingleFlight } from '@core/kernel/single-flight';
import { offeredSymbols, type OfferedSymbol } from '@core/tradingview/translate/symbol-info';
import { refusalText } from '@core/tradingview/translate/words';
import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSettings } from '../config.ts';
import { Refused } from '../refused.ts';

/** What the venue of the data addresses trades, and when. Hours are asked of the broker, and kept for a while. */
@Injectable()
export class OfferedSymbols {
  private readonly hours = new Map<Instrument, TradingHours | null>();
  private readonly asking = new SingleFlight();
  private askedAtMs = -Infinity;
  private told: ReadonlySet<Instrument> = new Set();
  /** Made of these instruments, and of hours that are not old. */
  private offered: {
    readonly specs: ReadonlyMap<Instrument, InstrumentSpec>;
    readonly symbols: readonly OfferedSymbol[];
  } | null = null;

  constructor(
    private readonly settings: DataSettings,
    private readonly market: MarketView,
    private readonly adapters: EdgeAdapters,
    venues: VenueWatch,
  ) {
    if (settings.venue !== undefined) venues.include(settings.venue);
  }

  get venue(): Venue {
    const { venue } = this.settings;
    if (venue === undefined) throw new NotFoundException();
    return venue;
  }

  /** In an order that stays; throws `Refused` while the venue has not told them. */
  async all(): Promise<readonly OfferedSymbol[]> {
    const specs = this.specs();
    const isOld = performance.now() - this.askedAtMs > this.settings.hoursMs;
    if (!isOld && this.offered?.specs === specs) return this.offered.symbols;
    const instruments = [...specs.keys()];
    if (isOld || instruments.some((instrument) => !this.hours.has(instrument)))
      await this.asking.run(() => this.ask(instruments));
    const symbols = offeredSymbols(
      [...specs.values()].flatMap((spec) => {
        const hours = this.hours.get(spec.instrument);
        return hours ? [{ spec, hours }] : [];
      }),
    );
    this.told = new Set(symbols.map(({ spec }) => spec.instrument));
    this.offered = { specs, symbols };
    return symbols;
  }

  /** Whether it was among those that were told last. */
  tells(instrument: Instrument): boolean {
    return this.told.has(instrument);
  }

  private specs(): ReadonlyMap<Instrument, InstrumentSpec> {
    const specs = this.market.instruments(this.venue);
    if (specs === null) throw new Refused(refusalText('instruments-unavailable'));
    return specs;
  }

  /** Hours that were told once are better than none; what was never told is not known. */
  private async ask(instruments: readonly Instrument[]): Promise<void> {
    const { venue } = this;
    for (let at = 0; at < instruments.length; at += HOURS_INSTRUMENTS_MAX) {
      const asked = instruments.slice(at, at + HOURS_INSTRUMENTS_MAX);
      const answer = await this.adapters.market.hours({ venue, instruments: asked }, this.settings.hoursTimeoutMs);
      if (!answer.ok) {
        if (asked.every((instrument) => this.hours.has(instrument))) continue;
        throw new Refused({ key: 'data.hoursUnknown' });
      }
      const told = new Map(answer.hours.map((hours) => [hours.instrument, hours]));
      for (const instrument of asked) this.hours.set(instrument, told.get(instrument) ?? null);
    }
    this.askedAtMs = performance.now();
  }
}
