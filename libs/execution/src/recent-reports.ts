import { BoundedMap } from '@core/kernel/bounded-map';
import { brokerKeyOf } from './knowledge.ts';
import type { Report, StandingReport } from './report.ts';
import { KEEPS } from './tracker-memory.ts';

export interface RecentReportsOptions {
  /** How long a report may come again, or late. */
  readonly repeatMs: number;
  /** Two reports about one thing within this time may have changed places. */
  readonly raceMs: number;
}

/** What the stream spoke of lately, and when: by it a report that came again, or too soon behind another, is known. */
export class RecentReports {
  /** Of which reports came that may have changed places: the next snapshot says which was last. */
  readonly disordered = new Set<string>();
  private readonly spokenOf = new BoundedMap<string, number>(KEEPS);
  private readonly contents = new BoundedMap<string, number>(KEEPS);
  private readonly changes = new BoundedMap<string, number>(KEEPS);
  private readonly repeats = new BoundedMap<string, number>(KEEPS);

  constructor(private readonly options: RecentReportsOptions) {}

  see(report: Report, ms: number): void {
    if (report.about === 'booking') return;
    this.spokenOf.set('position' in report ? report.position : report.order, ms);
  }

  /** When the stream last spoke of a position or order. */
  spokenOfMs(brokerKey: string): number | undefined {
    return this.spokenOf.get(brokerKey);
  }

  /** Whether a report with all this content came before, not long ago; remembers it. */
  cameBefore(report: StandingReport, ms: number): boolean {
    const content = JSON.stringify(report);
    const before = this.contents.get(content);
    this.contents.set(content, ms);
    return before !== undefined && ms - before < this.options.repeatMs;
  }

  /** Whether this change follows another so soon that the two may have changed places on their way. */
  changed(report: StandingReport, ms: number): boolean {
    const key = brokerKeyOf(report);
    const before = this.changes.get(key);
    this.changes.set(key, ms);
    const hasty = before !== undefined && ms - before < this.options.raceMs;
    if (hasty) this.disordered.add(key);
    return hasty;
  }

  /** An order was told with no news. */
  repeated(order: string, ms: number): void {
    this.repeats.set(order, ms);
  }

  /** Whether an order was told with no news just before. */
  wasRepeated(order: string, ms: number): boolean {
    return (this.repeats.get(order) ?? -Infinity) >= ms - this.options.raceMs;
  }
}
