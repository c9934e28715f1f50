import { holesIn, withRange, type Range, type Ranges } from '@core/bars/known-ranges';
import { newestMissing, type MissingBars } from '@core/bars/missing';
import type { Instrument } from '@core/contracts/primitives';

const DAY_MS = 86_400_000;

/** What is settled of a venue, or was heard and is about to be: nobody but the owner settles anything. */
export class KnownBars {
  private readonly known: Map<Instrument, Ranges>;
  /** Before it an instrument's chart tells nothing. */
  private readonly reachMs = new Map<Instrument, number>();

  constructor(
    known: ReadonlyMap<Instrument, Ranges>,
    private readonly floorMs: number,
  ) {
    this.known = new Map(known);
  }

  /** Where the last of what is settled ends. */
  get untilMs(): number {
    return Math.max(0, ...[...this.known.values()].map((ranges) => ranges.at(-1)?.untilMs ?? 0));
  }

  /** There is such an instrument. */
  offer(instrument: Instrument): void {
    if (!this.known.has(instrument)) this.known.set(instrument, []);
  }

  /** Nothing opened before `fromMs` can be asked for. */
  reaches(instrument: Instrument, fromMs: number): void {
    this.reachMs.set(instrument, Math.max(fromMs, this.reachMs.get(instrument) ?? 0));
  }

  /** A stretch of their time is known. */
  learn(range: Range, instruments: Iterable<Instrument>): void {
    for (const instrument of instruments)
      this.known.set(instrument, withRange(this.known.get(instrument) ?? [], range));
  }

  /** What is asked of the chart next, of the instruments that may be asked for. */
  next(untilMs: number, mayAsk: (instrument: Instrument) => boolean): MissingBars | null {
    const asked = new Map([...this.known].filter(([instrument]) => mayAsk(instrument)));
    return newestMissing(asked, (instrument) => this.wanted(instrument, untilMs), DAY_MS);
  }

  /** Instruments of which something is missing. */
  missing(untilMs: number): number {
    const lacks = ([instrument, ranges]: readonly [Instrument, Ranges]): boolean =>
      holesIn(ranges, this.wanted(instrument, untilMs)).length > 0;
    return [...this.known].filter(lacks).length;
  }

  private wanted(instrument: Instrument, untilMs: number): Range {
    return { fromMs: Math.max(this.floorMs, this.reachMs.get(instrument) ?? 0), untilMs };
  }
}
