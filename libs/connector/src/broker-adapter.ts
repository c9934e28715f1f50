import type { Candle, CandlePeriod } from '@core/contracts/market/candle';
import type { TradingHours } from '@core/contracts/market/hours';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import type { AccountId, Decimal, Instant, Instrument, RequestId, Side, Venue } from '@core/contracts/primitives';
import type { BookRequest, BrokerBook } from '@core/projections/broker-book/state';
import type {
  AccountReport,
  AccountFigures,
  OutcomeReport,
  Receipt,
  Report,
  BrokerSnapshot,
} from '@core/execution/report';
import type { Credentials } from '@core/registry/registry';

/**
 * The only place where a connector meets a broker: one implementation for each protocol, and nothing of any protocol
 * beyond it. Everything it says is in our words (`@core/execution/report`); whatever fails at a broker rejects with a
 * `BrokerFailure`, and anything else that is thrown is a defect that ends the process.
 *
 * An adapter keeps the broker's limits by itself: how many connections, how fast, how long a message. It never sends a
 * request a second time, concludes nothing from silence, and keeps nothing over sessions that a restart would miss.
 */
export interface BrokerAdapter {
  /** As the registry spells it: a connector takes the accounts of venues that speak it. */
  readonly protocol: string;
  /** How far back candles of a period are told: nothing before that is asked for. Infinity: as far as there are any. */
  candlesBackMs(period: CandlePeriod): number;
  /**
   * Logs in and listens. `listener` hears everything that becomes of the account from the moment this resolves, at the
   * latest. It may wait as long as the broker lets it, until there is room for one more connection; `signal` ends it at
   * any moment, and the session with it. Rejects with `LoginRefused`, `BrokerUnavailable` or another `BrokerFailure`;
   * nothing is left open then, and what the listener heard is worth nothing.
   */
  open(account: BrokerAccount, listener: SessionListener, signal: AbortSignal): Promise<BrokerSession>;
}

/** An account as its adapter is to open it. */
export interface BrokerAccount {
  readonly id: AccountId;
  readonly venue: Venue;
  /** Where the venue is, in the adapter's own terms: as the registry keeps it, not checked yet. */
  readonly endpoint: unknown;
  /** Whose money it moves: what is said to a broker of live accounts is not said in clear. */
  readonly mode: 'demo' | 'live';
  /**
   * Asked for when it is about to log in, so that a new password counts; never kept, never logged and never part of an
   * error. Rejects with `CredentialsUnavailable`.
   */
  credentials(): Promise<Credentials>;
}

/** One login at a broker. */
export interface BrokerSession {
  readonly isOpen: boolean;
  /** Now, in the broker's clock. */
  readonly now: Instant;

  /**
   * Runs `task` when its turn has come: one at a time, not too fast, the urgent first. It says whether it sent anything,
   * and what it did not use costs the next one no time. Rejects with `NoTurn`.
   */
  turn(urgency: Urgency, task: () => Promise<boolean> | boolean): Promise<boolean>;
  /**
   * Writes a request, within a turn. What comes back goes to `SessionListener.answered`, never before this has returned.
   * `not-sent`: no byte of it left. `target-gone` and `too-long`: it must not be sent at all.
   */
  send(request: BookRequest, book: BrokerBook, prices: Prices): 'sent' | 'not-sent' | 'target-gone' | 'too-long';

  // Questions. They wait for their turn; they reject with `NoTurn`, `NoAnswer`, `QuestionRefused` or `UnreadableAnswer`.

  /** What became of a request that the broker took under this number. */
  outcome(brokerRequest: string): Promise<OutcomeReport>;
  /** What stands, the account's figures, and what was closed or booked since `since`; null asks for all there is. */
  snapshot(since: Instant | null): Promise<BrokerSnapshot>;
  /** Null where what it says of the account cannot be read. */
  account(): Promise<AccountReport | null>;
  instruments(): Promise<InstrumentList>;
  /** Null for one that the venue does not have any more, or that cannot be understood. */
  instrument(instrument: Instrument): Promise<InstrumentSpec | null>;

  // Questions about charts, prices and hours come last of all that waits.

  /** Candles that opened in [fromMs, toMs), oldest first. `QuestionRefused` with `too-large`: ask for less at once. */
  candles(instrument: Instrument, period: CandlePeriod, fromMs: number, toMs: number): Promise<Readable<Candle>>;
  /** Prices as they stand when they are asked for, of the first of these, as many as one question carries. */
  quotes(instruments: readonly InstrumentSpec[]): Promise<Readable<Quote> & { readonly asked: number }>;
  /** Of the first of these, as many as one question carries: `asked` of them. */
  hours(instruments: readonly Instrument[]): Promise<Readable<TradingHours> & { readonly asked: number }>;

  /**
   * Opens the venue's prices under this login, apart from what trades. Rejects like `BrokerAdapter.open`; `signal` ends
   * it at any moment. `onClosed` is called once, when no price comes any more.
   */
  prices(terms: PriceTerms, onClosed: (reason: string) => void, signal: AbortSignal): Promise<PriceStream>;

  /** Ends it; `SessionListener.closed` is called before this returns, once. */
  close(reason: string): void;
}

/** What a session tells on its own, in the order in which the broker said it. */
export interface SessionListener {
  reported(report: Report): void;
  /** The account's figures, whenever they move. */
  money(money: AccountFigures): void;
  outcome(outcome: OutcomeReport): void;
  /** The first answer to a request that this session sent, however late. */
  answered(requestId: RequestId, receipt: Receipt): void;
  /** Something that cannot be read and may have been about an order: whatever it was, ask. */
  unreadable(what: string, reason: string): void;
  /** Once: nothing comes any more. */
  closed(reason: string): void;
}

/**
 * What goes first: getting out of the market and changing what stands, then getting into it. Everything else waits for
 * them, but not for ever.
 */
export type Urgency = 'close' | 'order' | 'amend';

/** A price an order of this side would meet, for brokers that want one with it; null where none is known. */
export type Prices = (instrument: Instrument, side: Side) => Decimal | null;

export interface InstrumentList {
  readonly instruments: readonly InstrumentSpec[];
  /** The prices they were listed with, where they were. */
  readonly quotes: readonly Quote[];
  /** What of the list could not be understood, each with its reason. */
  readonly unreadable: readonly string[];
}

/** What could be read of an answer, and how much of it could not. */
export interface Readable<Thing> {
  readonly values: readonly Thing[];
  readonly unreadable: number;
}

/** What of a venue's prices is wanted, as far as its broker can be told. */
export interface PriceTerms {
  /** Deepest level of the book; 0 is the best price alone. */
  readonly deepestLevel: number;
  /** Least time between two prices of one instrument. */
  readonly intervalMs: number;
}

/**
 * A stream of prices, read by whoever wants them. Ticks come far more often than anybody looks: the adapter keeps the last
 * of each as the broker sent it, and makes quotes only of what has moved when it is asked.
 */
export interface PriceStream {
  /** Resolves when it was asked for; again where its description has changed. Rejects with `NoTurn`. */
  subscribe(instrument: InstrumentSpec): Promise<void>;
  /** What came since the last call. */
  drain(): PriceMoves;
  /** The instrument's market as it stands now; null where no price has come. */
  quote(instrument: Instrument): Quote | null;
  close(reason: string): void;
}

export interface PriceMoves {
  /** Each instrument that moved, once, as it stands now, with all levels asked for. */
  readonly quotes: readonly Quote[];
  /** How many prices came, and how many that cannot be read. */
  readonly received: number;
  readonly unreadable: number;
}
