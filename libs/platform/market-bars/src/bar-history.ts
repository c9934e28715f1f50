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

/** Bars that nothing told later contradicts, out of those that the owner of a venue has written. */
export class BarHistory {
  constructor(private readonly store: Pick<BarStore, 'terms' | 'known' | 'bars'>) {}

  /** Oldest first. `unknown`: not all of it is known yet, which is not the same as there being nothing. */
  async between(question: HistoryQuestion, nowMs: number): Promise<readonly Bar[] | 'unknown'> {
    const { venue, instrument } = question;
    const terms = await this.store.terms(venue);
    if (terms === null) return 'unknown';
    return this.answer(question, terms, await this.coverage(venue, instrument, terms, nowMs));
  }

  /** The last `count` of those whose moments are not after `toMs`; fewer where fewer are known. */
  async last(
    question: Omit<HistoryQuestion, 'fromMs'>,
    count: number,
    nowMs: number,
  ): Promise<readonly Bar[] | 'unknown'> {
    const { venue, instrument, minutes, toMs } = question;
    const terms = await this.store.terms(venue);
    if (terms === null) return 'unknown';
    const coverage = await this.coverage(venue, instrument, terms, nowMs);
    const endMs = Math.min(toMs, nowMs);
    // Markets rest on most of a weekend, and some longer: looked for ever further back.
    for (let backMs = 2 * count * minutes * 60_000; ; backMs *= 4) {
      const fromMs = Math.max(terms.floorMs, endMs - backMs);
      const bars = await this.answer({ ...question, fromMs }, terms, coverage);
      const isAll = fromMs <= Math.max(terms.floorMs, coverage.known[0]?.fromMs ?? Infinity);
      if (bars === 'unknown' || bars.length >= count || isAll) return bars === 'unknown' ? bars : bars.slice(-count);
    }
  }

  private async answer(
    { venue, instrument, minutes, fromMs, toMs }: HistoryQuestion,
    { dayZone }: VenueTerms,
    coverage: Coverage,
  ): Promise<readonly Bar[] | 'unknown'> {
    const periods = new BarPeriods(minutes, dayZone);
    const within = minutesOf({ periods, fromMs, toMs }, coverage);
    if (within === 'unknown' || within.fromMs >= within.untilMs) return within === 'unknown' ? within : [];
    return barsOf(periods, within, await this.store.bars(venue, instrument, within), coverage.nowMs);
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
