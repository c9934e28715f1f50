import type { Decimal, Instrument, Side, Venue } from '@core/contracts/primitives';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { MarketSnapshot, Quotes } from '@core/contracts/market/quote';
import { subjects } from '@core/contracts/subjects';
import { QuoteBook } from '@core/xapi/translate/tick';
import type { NatsConnection, Subscription } from 'nats';
import { setTimeout as pause } from 'node:timers/promises';
import { isExpected } from '../accounts/account-parts.ts';
import type { ConnectionBudget } from '../accounts/connection-budget.ts';
import type { ConnectorConfig } from '../../../../apps/xapi-connector/src/config.ts';
import type { ConnectorMetrics } from '../metrics.ts';
import type { BrokerSession } from '../../../../apps/xapi-connector/src/transport/broker-session.ts';
import { CommandRefused, NoReply } from '../../../../apps/xapi-connector/src/transport/main-connection.ts';
import { NoTurn } from '../requests/pacer.ts';
import {
  StreamConnection,
  type StreamOptions,
} from '../../../../apps/xapi-connector/src/transport/stream-connection.ts';
import { MarketDesk, payloadMax } from './market-desk.ts';
import type { Asks, VenueCatalog } from './venue-catalog.ts';

export interface VenueMarketParts {
  readonly config: ConnectorConfig;
  readonly stream: StreamOptions;
  readonly nats: NatsConnection;
  readonly catalog: VenueCatalog;
  readonly budget: ConnectionBudget;
  readonly metrics: ConnectorMetrics;
  readonly log: Pick<Console, 'log' | 'warn' | 'error'>;
}

/** What a market needs of a session: questions, and where and under which id to stream. */
export type MarketSession = Pick<BrokerSession, 'server' | 'streamSessionId' | 'serverNow'> & { readonly main: Asks };

const CONNECTIONS = 1;
const RETRY_MS = 1_000;
const REASONS_SHOWN = 5;
/** What a quote takes in a message, at most: itself, and each of its levels on both sides. */
const QUOTE_BYTES = 256;
const LEVEL_BYTES = 80;

/**
 * One venue's prices and instruments for everyone: ticks come on a streaming connection of their own, under the session
 * of any of the venue's accounts, so that a flood of them delays no trade. The last value wins; nothing is queued.
 */
export class VenueMarket {
  private readonly quotes: QuoteBook;
  private readonly desk: MarketDesk;
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;
  private publishing: NodeJS.Timeout | undefined;
  private answering: Subscription | undefined;
  private toldRevision = -1;
  private fitted: { readonly revision: number; readonly instruments: readonly InstrumentSpec[] } = {
    revision: -1,
    instruments: [],
  };

  constructor(
    readonly venue: Venue,
    private readonly parts: VenueMarketParts,
    /** A session that is ready, whichever; null while there is none. */
    private readonly session: () => MarketSession | null,
  ) {
    this.quotes = new QuoteBook((instrument) => parts.catalog.digitsOf(instrument), parts.config.tickLevels);
    this.desk = new MarketDesk(venue, parts, session);
  }

  start(): void {
    const { config, nats } = this.parts;
    for (const record of this.parts.catalog.records) this.quotes.seed(record);
    this.publishing = setInterval(() => this.publish(), config.quotesMs);
    this.answering = nats.subscribe(subjects.marketSnapshot(this.venue), {
      callback: (error, request) => {
        // Before they were read nothing is known, which is not the same as nothing to trade: no answer then.
        if (!error && this.parts.catalog.isLoaded) request.respond(this.snapshot());
      },
    });
    this.desk.start();
    this.publish();
    this.running = this.run();
  }

  async stop(): Promise<void> {
    clearInterval(this.publishing);
    this.answering?.unsubscribe();
    this.desk.stop();
    this.stopping.abort(new NoTurn('stopped'));
    await this.running;
  }

  /** The price an order of this side would meet, roughly. */
  price(instrument: Instrument, side: Side): Decimal | null {
    const quote = this.quotes.quote(instrument);
    return quote && (side === 'buy' ? quote.ask : quote.bid);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const session = this.session();
      if (session) await this.listen(session, signal);
      await pause(RETRY_MS, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
    }
  }

  /** Resolves when the connection has ended. */
  private async listen(session: MarketSession, signal: AbortSignal): Promise<void> {
    const { budget, stream: options, config, catalog, metrics, log } = this.parts;
    const { venue } = this;
    let stream: StreamConnection | null = null;
    let over: (reason: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => (over = resolve));
    const abort = (): void => stream?.destroy('stopped');
    try {
      await budget.take(CONNECTIONS, signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    try {
      await catalog.load(session.main, config.instrumentsMs);
      stream = await StreamConnection.open(session.server.stream, session.streamSessionId, options, {
        record: (name, data) => {
          if (name !== 'tickPrices') return;
          metrics.ticked(venue, 1);
          if (!this.quotes.take(data)) metrics.unreadable('tick');
        },
        closed: over,
      });
      signal.throwIfAborted(); // while it was being opened: nobody would tell it any more
      signal.addEventListener('abort', abort);
      await stream.start([]);
      log.warn({ venue, reason: await this.follow(session.main, stream, ended), msg: 'prices lost' });
    } catch (error) {
      if (!isExpected(error)) throw error;
      log.warn({ venue, reason: error.message, msg: 'no prices' });
    } finally {
      signal.removeEventListener('abort', abort);
      stream?.destroy('over');
      budget.give(CONNECTIONS);
    }
  }

  /** Subscribes to what there is, and to what is new whenever the instruments were read again. Gives why it ended. */
  private async follow(main: Asks, stream: StreamConnection, ended: Promise<string>): Promise<string> {
    const { instrumentsMs, tickInstrumentsMax, tickIntervalMs, tickLevels } = this.parts.config;
    const { catalog, log } = this.parts;
    const subscribed = new Set<Instrument>();
    for (;;) {
      const offered = catalog.instruments.slice(0, tickInstrumentsMax).map(({ instrument }) => instrument);
      const fresh = offered.filter((instrument) => !subscribed.has(instrument));
      for (const symbol of fresh) {
        await stream.subscribe({
          command: 'getTickPrices',
          symbol,
          minArrivalTime: tickIntervalMs,
          maxLevel: tickLevels,
        });
        subscribed.add(symbol);
      }
      if (fresh.length > 0) log.log({ venue: this.venue, instruments: fresh.length, msg: 'prices subscribed' });
      const reason = await within(ended, instrumentsMs);
      if (reason !== null) return reason;
      await catalog.load(main, instrumentsMs / 2).catch((error: unknown) => {
        if (!(error instanceof CommandRefused || error instanceof NoReply)) throw error;
        log.warn({ venue: this.venue, reason: error.message, msg: 'instruments stay as they were' });
      });
    }
  }

  private publish(): void {
    const { nats, catalog, metrics, log } = this.parts;
    if (nats.isClosed()) return;
    if (catalog.revision !== this.toldRevision && catalog.isLoaded) {
      this.toldRevision = catalog.revision;
      const { length: leftOut } = catalog.unreadable;
      const reasons = catalog.unreadable.slice(0, REASONS_SHOWN);
      if (leftOut > 0) log.warn({ venue: this.venue, leftOut, reasons, msg: 'instruments cannot be read' });
      for (const record of catalog.records) this.quotes.seed(record);
      nats.publish(subjects.instruments(this.venue), this.snapshot());
    }
    const quotes = this.quotes.drain();
    if (quotes.length === 0) return;
    metrics.quoted(this.venue, quotes.length);
    const atOnce = Math.max(1, Math.floor(payloadMax(nats) / this.quoteBytes));
    for (let at = 0; at < quotes.length; at += atOnce) {
      const body: Quotes = { venue: this.venue, quotes: quotes.slice(at, at + atOnce) };
      nats.publish(subjects.quotes(this.venue), Buffer.from(JSON.stringify(body)));
    }
  }

  /** The venue as it stands, as much of it as one message carries. */
  private snapshot(): Buffer {
    const { venue } = this;
    const instruments = this.fitting(payloadMax(this.parts.nats) - QUOTE_BYTES);
    const kept = new Set(instruments.map(({ instrument }) => instrument));
    const body: MarketSnapshot = {
      venue,
      instruments: [...instruments],
      quotes: this.quotes.all().filter(({ instrument }) => kept.has(instrument)),
    };
    return Buffer.from(JSON.stringify(body));
  }

  /** The first instruments that fit with their quotes; looked at once for each change of them. */
  private fitting(limitBytes: number): readonly InstrumentSpec[] {
    const { catalog, log } = this.parts;
    if (this.fitted.revision === catalog.revision) return this.fitted.instruments;
    const { instruments: all } = catalog;
    let bytes = 0;
    const bytesOf = (spec: InstrumentSpec): number => Buffer.byteLength(JSON.stringify(spec)) + 1 + this.quoteBytes;
    const over = all.findIndex((spec) => (bytes += bytesOf(spec)) > limitBytes);
    const instruments = over === -1 ? all : all.slice(0, over);
    if (over !== -1)
      log.error({ venue: this.venue, instruments: all.length, told: over, msg: 'too many for a message' });
    this.fitted = { revision: catalog.revision, instruments };
    return instruments;
  }

  private get quoteBytes(): number {
    return QUOTE_BYTES + LEVEL_BYTES * (this.parts.config.tickLevels + 1);
  }
}

/** What a promise gives, or null when it takes longer. */
async function within<Value>(promise: Promise<Value>, ms: number): Promise<Value | null> {
  const over = new AbortController();
  const late = pause(ms, null, { signal: over.signal }).catch(() => null); // aborted: the other was first
  return Promise.race([promise, late]).finally(() => over.abort());
}
