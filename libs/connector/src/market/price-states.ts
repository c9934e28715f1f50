import type { PriceState, PriceStatus } from '@core/contracts/market/quote';
import type { Instrument } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';

/** What is known of an instrument besides its price. */
export interface Trading {
  /** The venue has it no more, or does not let it be traded. */
  readonly isOff: boolean;
  /** It is outside of its hours; false where nobody knows them. */
  readonly isClosed: boolean;
}

interface Standing {
  confirmedMs: number;
  state: PriceState;
  /** When it came to stand so, on the steady clock. */
  sinceMs: number;
}

/** How each price of a venue stands, by when the venue last stood by it. Pure: moments come with every call. */
export class PriceStates {
  private readonly standings = new Map<Instrument, Standing>();
  private readonly changed = new Set<Instrument>();

  /** A price is `stale` when nobody has stood by it for so long. */
  constructor(private readonly staleMs: number) {}

  /** The venue has just said that this is the price: it moved, or it did not and was asked for. */
  confirm(instrument: Instrument, nowMs: number): void {
    const known = this.standings.get(instrument);
    if (!known) return this.begin(instrument, nowMs, nowMs);
    known.confirmedMs = nowMs;
    if (known.state === 'stale' || known.state === 'closed') this.become('live', instrument, known, nowMs);
  }

  /** It has a price that nobody stands by now, like one of a list read long ago. */
  know(instrument: Instrument, confirmedMs: number, nowMs: number): void {
    if (!this.standings.has(instrument)) this.begin(instrument, confirmedMs, nowMs);
  }

  /** How long nobody has stood by the price; Infinity where there is none. */
  ageMs(instrument: Instrument, nowMs: number): number {
    return nowMs - (this.standings.get(instrument)?.confirmedMs ?? -Infinity);
  }

  isStale(instrument: Instrument): boolean {
    return this.standings.get(instrument)?.state === 'stale';
  }

  update(nowMs: number, tradingOf: (instrument: Instrument) => Trading): void {
    for (const [instrument, standing] of this.standings) {
      const state = this.stateAt(standing, nowMs, tradingOf(instrument));
      if (state !== standing.state) this.become(state, instrument, standing, nowMs);
    }
  }

  /** Those that changed since the last call. `epochMs` is what the clock of everybody shows at `nowMs`. */
  drain(nowMs: number, epochMs: number): PriceStatus[] {
    const statuses = [...this.changed].flatMap((instrument) => this.statusOf(instrument, nowMs, epochMs));
    this.changed.clear();
    return statuses;
  }

  all(nowMs: number, epochMs: number): PriceStatus[] {
    return [...this.standings.keys()].flatMap((instrument) => this.statusOf(instrument, nowMs, epochMs));
  }

  /** How many stand so. */
  count(state: PriceState): number {
    return [...this.standings.values()].filter((standing) => standing.state === state).length;
  }

  private begin(instrument: Instrument, confirmedMs: number, nowMs: number): void {
    const state = nowMs - confirmedMs < this.staleMs ? 'live' : 'stale';
    this.standings.set(instrument, { confirmedMs, state, sinceMs: confirmedMs });
    this.changed.add(instrument);
  }

  private become(state: PriceState, instrument: Instrument, standing: Standing, nowMs: number): void {
    standing.state = state;
    standing.sinceMs = state === 'stale' ? standing.confirmedMs : nowMs;
    this.changed.add(instrument);
  }

  private stateAt({ confirmedMs }: Standing, nowMs: number, { isOff, isClosed }: Trading): PriceState {
    if (isOff) return 'off';
    if (nowMs - confirmedMs < this.staleMs) return 'live';
    return isClosed ? 'closed' : 'stale';
  }

  private statusOf(instrument: Instrument, nowMs: number, epochMs: number): PriceStatus[] {
    const standing = this.standings.get(instrument);
    if (!standing) return [];
    const agoMs = Math.min(nowMs - standing.sinceMs, epochMs);
    return [{ instrument, state: standing.state, since: instantFromMs(Math.round(epochMs - agoMs)) }];
  }
}
