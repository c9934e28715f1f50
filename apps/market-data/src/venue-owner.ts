import { MarketClient } from '@core/bus/market-client';
import { parseJson } from '@core/bus/plain-json';
import { subscribe } from '@core/bus/subscribe';
import { minuteOf } from '@core/bars/minute-series';
import { VenueBars, type HeardMinutes } from '@core/bars/venue-bars';
import { readMarketSnapshot, readQuotes } from '@core/contracts/market/quote';
import type { Ticks } from '@core/contracts/market/tick';
import type { Instant, Instrument, Uuid, Venue } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import type { OwnedBars } from '@core/market-bars/owned-bars';
import type { NatsConnection, Subscription } from 'nats';
import { setTimeout as pause } from 'node:timers/promises';
import { ChartReader } from './chart-reader.ts';
import type { BarSettings, ChartSettings } from './config.ts';
import { KnownBars } from './known-bars.ts';
import type { MarketDataMetrics } from './metrics.ts';

export interface VenueOwnerParts {
  readonly venue: Venue;
  readonly nats: NatsConnection;
  readonly store: OwnedBars;
  readonly bars: BarSettings;
  readonly chart: ChartSettings;
  readonly metrics: MarketDataMetrics;
  readonly log: Pick<Console, 'log' | 'warn'>;
  readonly owner: Uuid;
  /** This machine's time: the moments that ticks count for. */
  nowMs(): number;
  /** What is settled already, and the first moment of which anything is told. */
  readonly known: KnownBars;
}

/** Messages of a venue come this often at most late before one counts as missed. */
const LATE_BEATS = 3;
const BEAT_MS = 1_000;
/** Changes of one message: far below what a message carries. */
const CHANGES_MAX = 1_000;
/** What a chart refuses for the instrument's own sake. */
const REFUSED: readonly string[] = [
  'malformed',
  'unknown-instrument',
  'unknown-period',
  'range-too-large',
  'broker-error',
];

/** Keeps the bars of a venue that this process owns: hears its prices, tells the ticks, asks the chart for the rest. */
export class VenueOwner {
  private readonly venueBars: VenueBars;
  private readonly market: MarketClient;
  private readonly stopping = new AbortController();
  private readonly heard: HeardMinutes[] = [];
  private readonly refusedUntilMs = new Map<Instrument, number>();
  private subscriptions: Subscription[] = [];
  private streamedSince: Instant | null | undefined;
  private number = 0;

  constructor(private readonly parts: VenueOwnerParts) {
    this.venueBars = new VenueBars(parts.known.untilMs);
    this.market = new MarketClient(parts.nats);
  }

  /** Rejects when the store fails: the venue may be somebody else's by then. Resolves when stopped. */
  async run(): Promise<void> {
    const { nats, venue } = this.parts;
    try {
      this.subscriptions = [
        subscribe(nats, subjects.quotes(venue), ({ data }) => this.hear(parseJson(data))),
        subscribe(nats, subjects.instruments(venue), ({ data }) => this.learn(parseJson(data))),
      ];
      await Promise.all([this.ask(), this.write(), this.fill()].map((loop) => this.untilStopped(loop)));
    } finally {
      this.stop();
    }
  }

  stop(): void {
    this.stopping.abort();
    for (const subscription of this.subscriptions) subscription.unsubscribe();
  }

  /** The connection was lost, and what was told meanwhile. */
  missed(): void {
    this.venueBars.missed();
  }

  private async untilStopped(loop: Promise<void>): Promise<void> {
    try {
      await loop;
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      this.stopping.abort();
      throw error;
    }
  }

  private hear(body: unknown): void {
    const told = readQuotes(body);
    if (!told.success || told.data.venue !== this.parts.venue || this.stopping.signal.aborted) return;
    const { quotes, states = [], nextMs = BEAT_MS, streamedSince } = told.data;
    const nowMs = this.parts.nowMs();
    for (const { instrument, state } of states) this.venueBars.stands(instrument, state, nowMs);
    if (streamedSince !== this.streamedSince) this.venueBars.missed();
    this.streamedSince = streamedSince;
    for (const { instrument } of quotes) this.parts.known.offer(instrument);
    const { changes, settled } = this.venueBars.hear(quotes, nowMs, LATE_BEATS * nextMs);
    if (streamedSince === null) this.venueBars.missed();
    // At once: what is heard and not written yet is not asked of the chart.
    for (const { range, bars } of settled) this.parts.known.learn(range, bars.keys());
    this.heard.push(...settled);
    for (let at = 0; at < changes.length; at += CHANGES_MAX) this.publish(changes.slice(at, at + CHANGES_MAX));
  }

  private publish(changes: Ticks['changes']): void {
    const { nats, venue, owner, metrics } = this.parts;
    const body: Ticks = { venue, owner, number: (this.number += 1), changes };
    nats.publish(subjects.ticks(venue), Buffer.from(JSON.stringify(body)));
    metrics.published(venue, changes.length);
  }

  private learn(body: unknown): void {
    const told = readMarketSnapshot(body);
    if (!told.success || told.data.venue !== this.parts.venue) return;
    const { instruments, quotes, states = [] } = told.data;
    const nowMs = this.parts.nowMs();
    const prices = new Map(quotes.map((quote) => [quote.instrument, quote]));
    for (const { instrument } of instruments) {
      this.parts.known.offer(instrument);
      this.venueBars.begin(instrument, prices.get(instrument) ?? null, nowMs);
    }
    for (const { instrument, state } of states) this.venueBars.stands(instrument, state, nowMs);
  }

  /** Instruments are broadcast when they change; whoever begins later asks. */
  private async ask(): Promise<void> {
    const { venue, bars } = this.parts;
    let snapshot = await this.market.snapshot(venue);
    while (snapshot === null) {
      await this.rest(bars.retryMs);
      snapshot = await this.market.snapshot(venue);
    }
    this.learn(snapshot);
  }

  /** Writes what was heard, and bars that run; asks whether the venue is still owned where there is nothing. */
  private async write(): Promise<void> {
    const { venue, store, bars, metrics } = this.parts;
    for (;;) {
      for (const { range, bars: told } of this.heard.splice(0)) {
        await store.settle(range, told);
        metrics.settled(venue, 'heard', count(told));
      }
      const drafts = this.venueBars.drafts();
      await (drafts.size > 0 ? store.draft(drafts) : store.confirm());
      await this.rest(bars.draftMs);
    }
  }

  /** Asks the chart for what was not heard, for a part of the time. */
  private async fill(): Promise<void> {
    const { chart, bars } = this.parts;
    for (;;) {
      const startedMs = performance.now();
      const restMs = (await this.fillNext()) ?? bars.retryMs;
      const askedMs = performance.now() - startedMs;
      await this.rest(Math.max(restMs, askedMs * (100 / chart.share - 1)));
    }
  }

  /** How long to rest at least after it; null where there was nothing to ask. */
  private async fillNext(): Promise<number | null> {
    const { venue, known, store, chart, bars, metrics, log } = this.parts;
    const nowMs = this.parts.nowMs();
    const untilMs = minuteOf(nowMs - chart.settleMs);
    metrics.lacks(venue, known.missing(untilMs));
    const missing = known.next(untilMs, (instrument) => (this.refusedUntilMs.get(instrument) ?? 0) <= nowMs);
    if (missing === null) return null;
    const { instrument } = missing;
    const answer = await new ChartReader(this.market, venue, chart.answerMs).read(missing, nowMs);
    this.stopping.signal.throwIfAborted();
    if ('reason' in answer) {
      metrics.asked(venue, answer.reason);
      if (!REFUSED.includes(answer.reason)) return bars.retryMs;
      this.refusedUntilMs.set(instrument, nowMs + chart.refusedMs);
      log.warn({ venue, instrument, ...answer, msg: 'the chart of the broker cannot be read' });
      return 0;
    }
    metrics.asked(venue, 'ok');
    const { range, bars: told } = answer;
    if (range.fromMs > missing.range.fromMs) known.reaches(instrument, range.fromMs);
    if (range.fromMs < range.untilMs) await store.settle(range, new Map([[instrument, told]]));
    known.learn(range, [instrument]);
    metrics.settled(venue, 'chart', told.length);
    return 0;
  }

  private async rest(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.stopping.signal });
  }
}

const count = (bars: HeardMinutes['bars']): number => [...bars.values()].reduce((sum, { length }) => sum + length, 0);
