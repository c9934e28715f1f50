import { PENDING_MS, type Coverage } from '@core/bars/answerable';
import type { Bar } from '@core/bars/bar';
import { BarPeriods, type BarMinutes } from '@core/bars/bar-periods';
import { barsOf, minutesOf } from '@core/bars/history';
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

/** Minutes are read so much of time at once, in whole days: no bar lies in two parts. */
const PART_MS = 30 * 86_400_000;

/** Bars that nothing told later contradicts, out of those that the owner of a venue has written. */
export class BarHistory {
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
      if (typeof bars === 'string' || bars.length >= count || isAll)
        return typeof bars === 'string' ? bars : bars.slice(-count);
    }
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
