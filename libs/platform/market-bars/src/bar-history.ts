import { PENDING_MS, type Coverage } from '@core/bars/answerable';
import { joined, type Bar } from '@core/bars/bar';
import { BarPeriods, type BarMinutes } from '@core/bars/bar-periods';
import { barsOf, minutesOf } from '@core/bars/history';
import { holesIn } from '@core/bars/known-ranges';
import { minuteOf } from '@core/bars/minute-series';
import type { Instrument, Venue } from '@core/contracts/primitives';
import type { BarStore, VenueTerms } from './bar-store.ts';

/** Bars of one length whose moments lie from one to another, both included. */
export interface HistoryQuestion {
  readonly venue: Venue;
  readonly instrument: Instrument;
  readonly minutes: BarMinutes;
  readonly fromMs: number;
  readonly toMs: number;
}

/** `unknown`: not all of it is known yet, which is not the same as there being nothing. */
type HistoryPart = readonly Bar[] | 'unknown' | 'too-many';

/** All that is settled of a day that runs, from its beginning on. */
interface BegunDay {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly bar: Bar | null;
}

/** Minutes are read so much of time at once, in whole days: no bar lies in two parts. */
const PART_MS = 30 * 86_400_000;

/** Bars that nothing told later contradicts, out of those that the owner of a venue has written. */
export class BarHistory {
  /** By venue and instrument. */
  private readonly begun = new Map<string, BegunDay>();

  /** `barsMax`: most bars of one answer. */
  constructor(
    private readonly store: Pick<BarStore, 'terms' | 'known' | 'bars'>,
    private readonly barsMax: number,
  ) {}

  /** Oldest first. */
  async between(question: HistoryQuestion, nowMs: number): Promise<HistoryPart> {
    const { venue, instrument } = question;
    const terms = await this.store.terms(venue);
    if (terms === null) return 'unknown';
    return this.answer(question, terms, await this.coverage(venue, instrument, terms, nowMs), this.barsMax);
  }

  /**
   * Whether `between` answers it so for ever: all of it is settled, and none of it lies before where bars begin, which
   * may be another day. What is asked before the bars are read holds for them: a draft may be settled meanwhile.
   */
  async isFinal({ venue, instrument, minutes, fromMs, toMs }: HistoryQuestion): Promise<boolean> {
    const terms = await this.store.terms(venue);
    if (terms === null || fromMs < terms.floorMs) return false;
    const known = await this.store.known(venue, instrument);
    if (toMs >= (known.at(-1)?.untilMs ?? 0)) return false;
    const minutesOfAll = new BarPeriods(minutes, terms.dayZone).within(fromMs, toMs);
    return minutesOfAll.fromMs >= terms.floorMs && holesIn(known, minutesOfAll).length === 0;
  }

  /** The last `count` of those whose moments are not after `toMs`; fewer where fewer are known. */
  async last(question: Omit<HistoryQuestion, 'fromMs'>, count: number, nowMs: number): Promise<HistoryPart> {
    const { venue, instrument, minutes, toMs } = question;
    if (count > this.barsMax) return 'too-many';
    const terms = await this.store.terms(venue);
    if (terms === null) return 'unknown';
    const coverage = await this.coverage(venue, instrument, terms, nowMs);
    const endMs = Math.min(toMs, nowMs);
    // Markets rest on most of a weekend, and some longer: looked for ever further back.
    for (let backMs = 2 * count * minutes * 60_000; ; backMs *= 4) {
      const fromMs = Math.max(terms.floorMs, endMs - backMs);
      const bars = await this.answer({ ...question, fromMs }, terms, coverage, Infinity);
      const isAll = fromMs <= Math.max(terms.floorMs, coverage.known[0]?.fromMs ?? Infinity);
      if (typeof bars === 'string' ? isAll : isAll || bars.length >= count)
        return typeof bars === 'string' ? bars : bars.slice(-count);
    }
  }

  /**
   * The trading day that runs, as `between` tells it; null where that tells none. For who asks again and again: minutes
   * that are settled are read once.
   */
  async runningDay(venue: Venue, instrument: Instrument, nowMs: number): Promise<Bar | null> {
    const terms = await this.store.terms(venue);
    if (terms === null) return null;
    const periods = new BarPeriods(1440, terms.dayZone);
    const { openedAtMs } = periods.of(nowMs);
    const question = { periods, fromMs: openedAtMs, toMs: openedAtMs };
    const within = minutesOf(question, await this.coverage(venue, instrument, terms, nowMs));
    if (within === 'unknown' || within.untilMs === within.fromMs) return null;
    const { fromMs, untilMs } = within;
    const key = `${venue} ${instrument}`;
    const known = this.begun.get(key);
    const before = known?.fromMs === fromMs && known.untilMs <= untilMs ? known : { untilMs: fromMs, bar: null };
    const minutes = await this.store.bars(venue, instrument, { fromMs: before.untilMs, untilMs });
    const settledMs = Math.min(untilMs, minuteOf(nowMs));
    const settled = minutes.filter((minute) => minute.openedAtMs < settledMs);
    const bar = settled.reduce<Bar | null>((day, minute) => (day ? joined(day, minute) : minute), before.bar);
    this.begun.set(key, { fromMs, untilMs: settledMs, bar });
    const running = minutes.slice(settled.length);
    return barsOf(periods, within, bar ? [bar, ...running] : running, nowMs)[0] ?? null;
  }

  private async answer(
    { venue, instrument, minutes, fromMs, toMs }: HistoryQuestion,
    { dayZone }: VenueTerms,
    coverage: Coverage,
    barsMax: number,
  ): Promise<HistoryPart> {
    const [periods, days] = [new BarPeriods(minutes, dayZone), new BarPeriods(1440, dayZone)];
    const within = minutesOf({ periods, fromMs, toMs }, coverage);
    if (within === 'unknown') return within;
    const bars: Bar[] = [];
    for (let atMs = within.fromMs; atMs < within.untilMs;) {
      const part = { fromMs: atMs, untilMs: Math.min(within.untilMs, days.of(atMs + PART_MS).untilMs) };
      for (const bar of barsOf(periods, part, await this.store.bars(venue, instrument, part), coverage.nowMs))
        bars.push(bar);
      if (bars.length > barsMax) return 'too-many';
      atMs = part.untilMs;
    }
    return bars;
  }

  private async coverage(
    venue: Venue,
    instrument: Instrument,
    { floorMs }: VenueTerms,
    nowMs: number,
  ): Promise<Coverage> {
    // Before the bars are read: what is settled meanwhile was a draft at most, and is not told.
    const known = await this.store.known(venue, instrument);
    return { known, floorMs, pendingFromMs: nowMs - PENDING_MS, nowMs };
  }
}
