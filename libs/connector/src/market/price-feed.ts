import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Venue } from '@core/contracts/primitives';
import { withTimeout } from '@core/service/with-timeout';
import { setTimeout as pause } from 'node:timers/promises';
import type { BrokerSession, PriceStream } from '../broker-adapter.ts';
import { BrokerFailure, NoTurn } from '../broker-failure.ts';
import type { MarketSettings } from './market-settings.ts';
import type { VenueCatalog } from './venue-catalog.ts';
import type { VenueQuotes } from './venue-quotes.ts';

/** What prices need of a session: the instruments, and the stream itself. */
export type PricedSession = Pick<BrokerSession, 'instruments' | 'prices'>;

export interface PriceFeedParts {
  readonly settings: MarketSettings;
  readonly catalog: VenueCatalog;
  readonly quotes: VenueQuotes;
  readonly log: Pick<Console, 'log' | 'warn' | 'error'>;
  /** A session to ask under; null while there is none. */
  session(): PricedSession | null;
}

const RETRY_MS = 1_000;

/**
 * Keeps a venue's prices coming, on a stream of their own under the session of any of its accounts, so that a flood of
 * them delays no trade; and its instruments up to date.
 */
export class PriceFeed {
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;
  private stream: PriceStream | null = null;

  constructor(
    private readonly venue: Venue,
    private readonly parts: PriceFeedParts,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Asks for the prices of these again; every second, fourth, eighth … time in a row on a stream of its own. */
  async resubscribe(instruments: readonly InstrumentSpec[], again: number): Promise<void> {
    const { stream } = this;
    if (again > 1 && Number.isInteger(Math.log2(again))) return stream?.close('prices hang');
    for (const spec of instruments) await stream?.subscribe(spec);
  }

  /** Resolves when nothing of it is open any more. */
  async stop(): Promise<void> {
    this.stopping.abort(new NoTurn('stopped'));
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const session = this.parts.session();
      if (session) await this.listen(session, signal);
      await pause(RETRY_MS, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
    }
  }

  /** Resolves when the stream has ended. */
  private async listen(session: PricedSession, signal: AbortSignal): Promise<void> {
    const { settings, catalog, quotes, log } = this.parts;
    const { venue } = this;
    const terms = { deepestLevel: settings.tickLevels, intervalMs: settings.tickIntervalMs };
    let over: (reason: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => (over = resolve));
    let stream: PriceStream | null = null;
    try {
      await catalog.load(session, settings.instrumentsMs);
      signal.throwIfAborted(); // while they were read: nobody wants prices any more
      stream = await session.prices(terms, over, signal);
      quotes.follow(stream);
      this.stream = stream;
      log.warn({ venue, reason: await this.follow(session, stream, ended), msg: 'prices lost' });
    } catch (error) {
      if (!(error instanceof BrokerFailure)) throw error;
      if (!signal.aborted) log.warn({ venue, reason: error.message, msg: 'no prices' });
    } finally {
      this.stream = null;
      quotes.follow(null);
      stream?.close('over');
    }
  }

  /** Subscribes to what there is, and to what is new whenever the instruments were read again. Gives why it ended. */
  private async follow(session: PricedSession, stream: PriceStream, ended: Promise<string>): Promise<string> {
    const { settings, catalog, log } = this.parts;
    const { instrumentsMs, tickInstrumentsMax } = settings;
    const subscribed = new Map<string, number>();
    for (;;) {
      const offered = catalog.instruments.slice(0, tickInstrumentsMax);
      const fresh = offered.filter(({ instrument, contract }) => subscribed.get(instrument) !== contract.digits);
      for (const spec of fresh) {
        await stream.subscribe(spec);
        subscribed.set(spec.instrument, spec.contract.digits);
      }
      if (fresh.length > 0) log.log({ venue: this.venue, instruments: fresh.length, msg: 'prices subscribed' });
      const reason = await withTimeout(ended, instrumentsMs, () => null);
      if (reason !== null) return reason;
      await catalog.load(session, instrumentsMs / 2).catch((error: unknown) => {
        if (!(error instanceof BrokerFailure)) throw error;
        log.warn({ venue: this.venue, reason: error.message, msg: 'instruments stay as they were' });
      });
    }
  }
}
