import { MarketView } from '@core/bus/market-view';
import type { Quote, Quotes } from '@core/contracts/market/quote';
import type { Instrument, Venue } from '@core/contracts/primitives';
import { newId } from '@core/service/clock';
import { bidAskOf } from '@core/ws-session/bid-ask';
import type { JsonText } from '@core/ws-session/encoder';
import type { BidAsk } from '@core/ws-session/root-models';
import { bidAskMessage, encodeBidAsk, encodeEnvelope } from '@core/ws-session/server-message';
import { Injectable } from '@nestjs/common';
import { Accounts } from '../log/accounts.ts';
import type { Session } from '../connection/session.ts';
import { Sessions } from '../connection/sessions.ts';
import { textFrame } from '../connection/text-frame.ts';

/** An instrument nobody has described yet still has a price. */
const UNDESCRIBED = { baseCurrency: '', quoteCurrency: '' };

/** Quotes for those whose key has prices: of the venues they have accounts at, the last value wins. */
@Injectable()
export class PriceBroadcast {
  private venues = new WeakMap<Session, { readonly accounts: number; readonly venues: ReadonlySet<Venue> }>();

  constructor(
    private readonly market: MarketView,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
  ) {
    market.onQuotes((quotes) => this.take(quotes));
  }

  /** The last quotes a session may see, or that of one instrument, as JSON: a stale one is none. */
  last(session: Session, instrument: Instrument | null): JsonText[] {
    return [...this.venuesOf(session)].flatMap((venue) =>
      [...(this.market.instruments(venue)?.keys() ?? [])]
        .filter((each) => each === (instrument ?? each) && this.market.standing(venue, each).state !== 'stale')
        .flatMap((each) => this.market.quote(venue, each) ?? [])
        .map((quote) => encodeBidAsk(this.bidAsk(venue, quote))),
    );
  }

  /** How many instruments have prices for a session. */
  offeredTo(session: Session): number {
    return [...this.venuesOf(session)].reduce((count, venue) => count + (this.market.instruments(venue)?.size ?? 0), 0);
  }

  /** Whether a venue of the session has an instrument of this name; one that told nothing yet may have any. */
  isTraded(session: Session, instrument: Instrument): boolean {
    return [...this.venuesOf(session)].some((venue) => this.market.instrument(venue, instrument) !== 'unknown');
  }

  private take({ venue, quotes }: Quotes): void {
    const listeners = [...this.sessions.live()].filter(({ key }) => key.prices);
    const present = listeners.filter((session) => this.venuesOf(session).has(venue));
    for (const quote of quotes) this.tell(present, venue, quote);
  }

  private tell(listeners: readonly Session[], venue: Venue, quote: Quote): void {
    const { instrument } = quote;
    const interested = listeners.filter(({ topics }) => topics.wants('prices', instrument));
    if (interested.length === 0) return;
    const frame = textFrame(encodeEnvelope(newId(), bidAskMessage(this.bidAsk(venue, quote))));
    for (const { queue } of interested) queue.sendLatest(`${venue}/${instrument}`, frame);
  }

  private bidAsk(venue: Venue, quote: Quote): BidAsk {
    const spec = this.market.instrument(venue, quote.instrument);
    return bidAskOf(quote, typeof spec === 'string' ? UNDESCRIBED : spec.contract);
  }

  /** Known again whenever an account is added. */
  private venuesOf(session: Session): ReadonlySet<Venue> {
    const { count } = this.accounts;
    const known = this.venues.get(session);
    if (known?.accounts === count) return known.venues;
    const visible = this.accounts.meant(({ id, traderId }) => session.maySee(id, traderId));
    const venues = new Set(visible.map(({ venue }) => venue));
    this.venues.set(session, { accounts: count, venues });
    return venues;
  }
}
