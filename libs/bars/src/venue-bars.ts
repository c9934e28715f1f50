import type { PriceState } from '@core/contracts/market/quote';
import type { PriceChange } from '@core/contracts/market/tick';
import type { Decimal, Instrument } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';
import type { Bar } from './bar.ts';
import { Hearing } from './hearing.ts';
import type { Range } from './known-ranges.ts';
import { BAR_MS, minuteOf, MinuteSeries } from './minute-series.ts';

/** What is told of an instrument's price. */
export interface ToldPrice {
  readonly instrument: Instrument;
  readonly bid: Decimal;
  readonly ask: Decimal;
}

/** Minutes that were heard wholly, with all bars that they have. */
export interface HeardMinutes {
  readonly range: Range;
  readonly bars: ReadonlyMap<Instrument, readonly Bar[]>;
}

/** What a message of a venue's prices comes to. */
export interface Counted {
  readonly changes: readonly PriceChange[];
  readonly settled: readonly HeardMinutes[];
}

interface Listened {
  readonly series: MinuteSeries;
  bid: Decimal | null;
  ask: Decimal | null;
  state: PriceState;
  /** From here on nothing was missed of it; null while something is. */
  heardFromMs: number | null;
  ended: Bar[];
  /** Ticks of the running minute that were given as a draft. */
  drafted: number;
}

/**
 * One venue's bars, made of the prices that are heard of it. It says which price changes are ticks and which moment each
 * counts for, and which minutes are settled as they were heard.
 */
export class VenueBars {
  private readonly instruments = new Map<Instrument, Listened>();
  private readonly hearing = new Hearing();
  private minuteMs = 0;

  /** Nothing counts for a moment before `lastMs`. */
  constructor(private readonly lastMs: number) {}

  /** An instrument of the venue, with the price that it had before listening began. */
  begin(instrument: Instrument, price: ToldPrice | null, nowMs: number): void {
    const listened = this.of(instrument, nowMs);
    if (price === null || listened.bid !== null) return;
    listened.series.begin(price.bid);
    Object.assign(listened, { bid: price.bid, ask: price.ask });
  }

  /** How its price stands: of a stale one something is missed, and what is closed has a price but no ticks. */
  stands(instrument: Instrument, state: PriceState, nowMs: number): void {
    const listened = this.of(instrument, nowMs);
    if (state === 'stale') listened.heardFromMs = null;
    else listened.heardFromMs ??= fullMinuteFrom(nowMs);
    listened.state = state;
  }

  /** Prices were missed, whichever. */
  missed(): void {
    this.hearing.missed();
  }

  /** Takes a message; the next one comes within `nextMs`, whatever moves. */
  hear(prices: readonly ToldPrice[], nowMs: number, nextMs: number): Counted {
    this.hearing.heard(nowMs, nextMs);
    const settled = this.endMinutes(nowMs);
    return { settled, changes: prices.flatMap((price) => this.changeOf(price, nowMs) ?? []) };
  }

  /** The minutes that run and were heard from their beginning on, as far as they are not what was given last. */
  drafts(): ReadonlyMap<Instrument, Bar> {
    const drafts = new Map<Instrument, Bar>();
    for (const [instrument, listened] of this.instruments) {
      const { running } = listened.series;
      if (!running || running.volume === listened.drafted || !this.isWhole(listened, running.openedAtMs)) continue;
      listened.drafted = running.volume;
      drafts.set(instrument, running);
    }
    return drafts;
  }

  private isWhole({ heardFromMs }: Listened, fromMs: number): boolean {
    return heardFromMs !== null && heardFromMs <= fromMs && this.hearing.hears(fromMs);
  }

  private endMinutes(nowMs: number): readonly HeardMinutes[] {
    const range = this.hearing.ended(nowMs);
    if (range === null && minuteOf(nowMs) === this.minuteMs) return [];
    this.minuteMs = minuteOf(nowMs);
    const settled = new Map<number, Map<Instrument, readonly Bar[]>>();
    for (const [instrument, listened] of this.instruments) {
      keep(listened, listened.series.endBefore(nowMs));
      if (range === null) continue;
      const { ended, heardFromMs } = listened;
      listened.ended = ended.filter(({ openedAtMs }) => openedAtMs >= range.untilMs);
      if (heardFromMs === null || heardFromMs >= range.untilMs) continue;
      const fromMs = Math.max(range.fromMs, heardFromMs);
      const bars = ended.filter(({ openedAtMs }) => openedAtMs >= fromMs && openedAtMs < range.untilMs);
      settled.set(fromMs, (settled.get(fromMs) ?? new Map<Instrument, readonly Bar[]>()).set(instrument, bars));
    }
    return [...settled].map(([fromMs, bars]) => ({ range: { fromMs, untilMs: range?.untilMs ?? fromMs }, bars }));
  }

  private changeOf({ instrument, bid, ask }: ToldPrice, nowMs: number): PriceChange | null {
    const listened = this.of(instrument, nowMs);
    const { series } = listened;
    const isSame = bid === listened.bid && ask === listened.ask;
    Object.assign(listened, { bid, ask });
    if (listened.state !== 'live') series.begin(bid);
    if (isSame || listened.state !== 'live') return null;
    const told = series.told(bid, nowMs);
    keep(listened, told?.ended ?? null);
    return { instrument, bid, ask, at: instantFromMs(series.moment(nowMs)), isTick: told !== null };
  }

  private of(instrument: Instrument, nowMs: number): Listened {
    const known = this.instruments.get(instrument);
    if (known) return known;
    const listened: Listened = {
      ...{ series: new MinuteSeries(this.lastMs), bid: null, ask: null, state: 'live', ended: [], drafted: 0 },
      heardFromMs: fullMinuteFrom(nowMs),
    };
    this.instruments.set(instrument, listened);
    return listened;
  }
}

const fullMinuteFrom = (atMs: number): number => minuteOf(atMs + BAR_MS - 1);

function keep(listened: Listened, bar: Bar | null): void {
  if (bar === null) return;
  listened.ended.push(bar);
  listened.drafted = 0;
}
