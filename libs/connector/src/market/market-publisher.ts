import { answerMarket } from '@core/bus/answers';
import { subscribe } from '@core/bus/subscribe';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { MarketSnapshot, Quotes } from '@core/contracts/market/quote';
import type { Venue } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import type { NatsConnection, Subscription } from 'nats';
import type { ConnectorMetrics } from '../metrics.ts';
import type { MarketSettings } from './market-settings.ts';
import { payloadMax } from './payload.ts';
import type { VenueCatalog } from './venue-catalog.ts';
import type { VenueQuotes } from './venue-quotes.ts';

export interface MarketPublisherParts {
  readonly settings: MarketSettings;
  readonly nats: NatsConnection;
  readonly catalog: VenueCatalog;
  readonly quotes: VenueQuotes;
  readonly metrics: Pick<ConnectorMetrics, 'quoted'>;
  readonly log: Pick<Console, 'warn' | 'error'>;
}

const REASONS_SHOWN = 5;
/** What a quote takes in a message, at most: itself, and each of its levels on both sides. */
const QUOTE_BYTES = 256;
const LEVEL_BYTES = 80;
const STATE_BYTES = 160;
/** Something is said at least so often, though nothing moves: by it everybody knows that somebody is there. */
const BEAT_MS = 1_000;

/** Tells everyone a venue's quotes, as far as they moved, and its instruments, and both to whoever asks how it stands. */
export class MarketPublisher {
  private publishing: NodeJS.Timeout | undefined;
  private answering: Subscription | undefined;
  private toldRevision = -1;
  private saidMs = -Infinity;
  private fitted: { readonly revision: number; readonly instruments: readonly InstrumentSpec[] } = {
    revision: -1,
    instruments: [],
  };

  constructor(
    private readonly venue: Venue,
    private readonly parts: MarketPublisherParts,
  ) {}

  start(): void {
    const { settings, nats, catalog, quotes } = this.parts;
    quotes.list(catalog.listedQuotes, catalog.readMs);
    this.publishing = setInterval(() => this.publish(), settings.quotesMs);
    this.answering = subscribe(nats, subjects.marketSnapshot(this.venue), (request) => {
      // Before they were read nothing is known, which is not the same as nothing to trade: no answer then.
      if (catalog.isLoaded) answerMarket(request, this.snapshot());
    });
    this.publish();
  }

  stop(): void {
    clearInterval(this.publishing);
    this.answering?.unsubscribe();
  }

  private publish(): void {
    const { nats, catalog, quotes, metrics } = this.parts;
    if (nats.isClosed()) return;
    if (catalog.revision !== this.toldRevision && catalog.isLoaded) this.publishInstruments();
    const { quotes: moved, states } = quotes.drain();
    const isDue = performance.now() - this.saidMs >= BEAT_MS;
    if (moved.length + states.length === 0 && !isDue) return;
    this.saidMs = performance.now();
    metrics.quoted(this.venue, moved.length);
    const atOnce = Math.max(1, Math.floor(payloadMax(nats) / (this.quoteBytes + STATE_BYTES)));
    for (let at = 0; at < Math.max(1, moved.length, states.length); at += atOnce) {
      const [some, stand] = [moved.slice(at, at + atOnce), states.slice(at, at + atOnce)];
      const body: Quotes = { venue: this.venue, quotes: some, nextMs: BEAT_MS, streamedSince: quotes.streamedSince };
      const told = stand.length === 0 ? body : { ...body, states: stand };
      nats.publish(subjects.quotes(this.venue), Buffer.from(JSON.stringify(told)));
    }
  }

  private publishInstruments(): void {
    const { nats, catalog, quotes, log } = this.parts;
    this.toldRevision = catalog.revision;
    const { length: leftOut } = catalog.unreadable;
    const reasons = catalog.unreadable.slice(0, REASONS_SHOWN);
    if (leftOut > 0) log.warn({ venue: this.venue, leftOut, reasons, msg: 'instruments cannot be read' });
    quotes.list(catalog.listedQuotes, catalog.readMs);
    nats.publish(subjects.instruments(this.venue), this.snapshot());
  }

  /** The venue as it stands, as much of it as one message carries. */
  private snapshot(): Buffer {
    const { nats, quotes } = this.parts;
    const instruments = this.fitting(payloadMax(nats) - QUOTE_BYTES);
    const kept = new Set(instruments.map(({ instrument }) => instrument));
    const isKept = ({ instrument }: { readonly instrument: string }): boolean => kept.has(instrument);
    const all = quotes.all();
    const body: MarketSnapshot = {
      venue: this.venue,
      instruments: [...instruments],
      quotes: all.quotes.filter(isKept),
      states: all.states.filter(isKept),
      nextMs: BEAT_MS,
      streamedSince: quotes.streamedSince,
    };
    return Buffer.from(JSON.stringify(body));
  }

  /** The first instruments that fit with their quotes; looked at once for each change of them. */
  private fitting(limitBytes: number): readonly InstrumentSpec[] {
    const { catalog, log } = this.parts;
    if (this.fitted.revision === catalog.revision) return this.fitted.instruments;
    const { instruments: all } = catalog;
    let bytes = 0;
    const bytesOf = (spec: InstrumentSpec): number =>
      Buffer.byteLength(JSON.stringify(spec)) + 1 + this.quoteBytes + STATE_BYTES;
    const over = all.findIndex((spec) => (bytes += bytesOf(spec)) > limitBytes);
    const instruments = over === -1 ? all : all.slice(0, over);
    if (over !== -1)
      log.error({ venue: this.venue, instruments: all.length, told: over, msg: 'too many for a message' });
    this.fitted = { revision: catalog.revision, instruments };
    return instruments;
  }

  private get quoteBytes(): number {
    return QUOTE_BYTES + LEVEL_BYTES * (this.parts.settings.tickLevels + 1);
  }
}
