import type { Decimal, Instant } from '@core/contracts/primitives';
import type { MarketView } from '@core/bus/market-view';
import { fromNumber } from '@core/kernel/decimal';
import { instantFromMs } from '@core/kernel/instant';
import type { Language } from '@core/kernel/language';
import { accountState } from '@core/projections/account';
import { accrued } from '@core/projections/accruals';
import type { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { tradingSession } from '@core/views/tradingview/session';
import { seenCutOff } from '@core/views/tradingview/waiting';
import { nextToVanishMs, type Screen } from '@core/views/tradingview/session-state';
import { translateNetPositions } from '@core/tradingview/translate/net-position';
import { translateOrders } from '@core/tradingview/translate/order';
import { translateIndividualPositions, translatePositions, type Valuation } from '@core/tradingview/translate/position';
import { translateBalances, translateState, type ReportedAccount } from '@core/tradingview/translate/state';
import { inStream } from '@core/tradingview/wire/position';
import type { TradedAccount } from '../accounts/traders.ts';
import { Refused } from '../refused.ts';
import type { BrokerConnections } from './broker-connections.ts';
import { ByLanguage } from './by-language.ts';
import { Cached } from './cached.ts';
import type { ShownEvents } from './shown-events.ts';
import { preparedAnswer, type PreparedAnswer } from './prepared-answer.ts';
import type { PricedVenue } from './priced-venue.ts';
import type { PricedVenues } from './priced-venues.ts';

/** What an account's answers are made of. */
interface Facts {
  readonly book: Screen;
  /** Whether the broker is out of reach, which the log need not know. */
  readonly isCutOff: boolean;
  readonly account: ReportedAccount;
  readonly valuation: Valuation;
  readonly now: Instant;
  readonly language: Language;
}

/** Lists and figures of an account, by the name of their address. */
const SHOWN = {
  orders: ({ book, isCutOff, now, language }: Facts) =>
    translateOrders(isCutOff ? seenCutOff(book) : book, now, language),
  positions: ({ book, now, valuation, language }: Facts) => translatePositions(book, now, valuation, language),
  netPositions: ({ book, now, valuation }: Facts) => translateNetPositions(book, now, valuation),
  individualPositions: ({ book, now, valuation, language }: Facts) =>
    translateIndividualPositions(book, now, valuation, language),
  state: ({ account, book, valuation, language }: Facts) => told(translateState(account, book, valuation, language)),
  balances: ({ account, book, valuation }: Facts) => told(translateBalances(account, book, valuation)),
} as const;
export type Shown = keyof typeof SHOWN;

/** They show what became of no order. */
const FIGURES: ReadonlySet<Shown> = new Set<Shown>(['state', 'balances']);

export const SHOWN_NAMES = Object.keys(SHOWN) as Shown[];

/** Something that a stream tells whole whenever it changes. */
export type StreamedThing = readonly [id: string, json: string];

/**
 * One account as TradingView polls it, several times a second and from every tab its trader has open, and as streams
 * tell it. Both are made once per language and change: of the account, and where positions are open of the prices that value them.
 */
export class AccountView {
  private readonly answers: { [Name in Shown]?: ByLanguage<Cached<PreparedAnswer>> } = {};
  private readonly streamed: { [Name in Shown]?: ByLanguage<Cached<readonly StreamedThing[]>> } = {};

  private priced: PricedVenue | null = null;
  /** How often what it is made of has changed. */
  private version = 0;

  constructor(
    private readonly account: TradedAccount,
    private readonly runner: ProjectionRunner,
    private readonly prices: MarketView,
    private readonly markets: PricedVenues,
    private readonly connections: Pick<BrokerConnections, 'isCutOff'>,
    private readonly seen: Pick<ShownEvents, 'shownIn'>,
  ) {}

  /** The states of the account are others now. */
  moved(): void {
    this.version += 1;
  }

  get book() {
    return this.runner.state(tradingSession, this.account.id);
  }

  /** Null until the broker has named it. */
  get currency(): string | null {
    return this.runner.state(accountState, this.account.id).terms?.currency ?? null;
  }

  get market(): PricedVenue {
    const { currency } = this;
    if (this.priced?.currency !== currency) this.priced = this.markets.of(this.account.venue, currency);
    return this.priced;
  }

  /** In the account's currency; null where it is not known. */
  get freeMargin(): Decimal | null {
    const { account, book, valuation } = this.factsIn('en');
    const free = translateBalances(account, book, valuation)?.[0]?.available;
    return free === undefined ? null : fromNumber(free);
  }

  /** How to answer now, as often as it is asked. Throws `Refused` for figures that the broker has not told. */
  answering(shown: Shown, language: Language): () => PreparedAnswer {
    const cached = (this.answers[shown] ??= new ByLanguage(() => new Cached())).in(language);
    const make = (): PreparedAnswer => preparedAnswer(JSON.stringify(SHOWN[shown](this.factsIn(language))), language);
    return () => this.upToDate(cached, shown, make);
  }

  /** The same for a stream. Figures are one thing. */
  things(shown: Shown, language: Language): readonly StreamedThing[] {
    const cached = (this.streamed[shown] ??= new ByLanguage(() => new Cached())).in(language);
    return this.upToDate(cached, shown, () => thingsOf(SHOWN[shown](this.factsIn(language))));
  }

  private upToDate<Value>(cached: Cached<Value>, shown: Shown, make: () => Value): Value {
    const prices = (): number =>
      shown === 'orders' ? Number(this.isCutOff) : this.prices.versionOf(this.account.venue);
    return cached.get(this.version, prices, Date.now(), () => {
      const value = make();
      if (!FIGURES.has(shown)) this.seen.shownIn(shown, this.account.id);
      const isPriced = shown === 'orders' || this.hasOpenPositions;
      return { value, until: nextToVanishMs(this.book), isPriced };
    });
  }

  private factsIn(language: Language): Facts {
    const account = this.runner.state(accountState, this.account.id);
    return {
      book: this.book,
      isCutOff: this.isCutOff,
      account: { ...account, accrued: accrued(account.accruals) },
      valuation: { market: this.market.priced, currency: this.currency },
      now: instantFromMs(Date.now()),
      language,
    };
  }

  private get isCutOff(): boolean {
    return this.connections.isCutOff(this.account.id);
  }

  private get hasOpenPositions(): boolean {
    return Object.keys(this.book.positions).length > this.book.closed.length;
  }
}

function thingsOf(shown: ReturnType<(typeof SHOWN)[Shown]>): readonly StreamedThing[] {
  if (!Array.isArray(shown)) return [['', JSON.stringify(shown)]];
  return shown.map((thing) =>
    'id' in thing ? [thing.id, JSON.stringify(inStream(thing))] : ['', JSON.stringify(thing)],
  );
}

function told<Figures>(figures: Figures | null): Figures {
  if (figures === null) throw new Refused({ key: 'account.notConnected' });
  return figures;
}
