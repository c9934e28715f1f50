import type { Candle, CandlePeriod } from '@core/contracts/market/candle';
import type { TradingHours } from '@core/contracts/market/hours';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import type { AccountId, Decimal, Instant, Instrument, RequestId, Side, Venue } from '@core/contracts/primitives';
import type { BookRequest, BrokerBook } from '@core/execution/broker-book';
import type {
  AccountReport,
  AccountFigures,
  OutcomeReport,
  Receipt,
  Report,
  BrokerSnapshot,
} from '@core/execution/report';

/**
 * The only place where a connector meets a broker: one implementation for each protocol, and nothing of any protocol
 * beyond it. Everything it says is in our words (`@core/execution/report`).
 */
export interface BrokerAdapter {
  /** As the registry spells it: a connector takes the accounts of venues that speak it. */
  readonly protocol: string;
  /**
   * Logs in and listens: from the moment it resolves, `listener` hears everything that becomes of the account.
   * Rejects with `LoginRefused` or `BrokerUnavailable`, and leaves nothing open then; `signal` ends it at any moment.
   */
  open(account: BrokerAccount, listener: SessionListener, signal: AbortSignal): Promise<BrokerSession>;
}

/** An account as its adapter is to open it. */
export interface BrokerAccount {
  readonly id: AccountId;
  readonly venue: Venue;
  /** Where the venue is, in the adapter's own terms: as the registry keeps it, not checked yet. */
  readonly endpoint: unknown;
  /** Never logged and never part of an error. */
  readonly credentials: { readonly login: string; readonly password: string };
}

/** One login at a broker. */
export interface BrokerSession {
  readonly isOpen: boolean;
  /** Now, in the broker's clock. */
  readonly now: Instant;

  /** Runs `task` when its turn has come: one at a time, not too fast, the urgent first. Rejects with `NoTurn`. */
  turn(urgency: Urgency, task: () => Promise<void> | void): Promise<void>;
  /**
   * Writes a request, within a turn. What comes back goes to `SessionListener.answered`, however late.
   * `not-sent`: no byte of it left. `target-gone` and `too-long`: it must not be sent at all.
   */
  send(request: BookRequest, book: BrokerBook, prices: Prices): 'sent' | 'not-sent' | 'target-gone' | 'too-long';

  // Questions. They wait for their turn and reject with `NoTurn`, `NoAnswer`, `QuestionRefused` or `UnreadableAnswer`.

  /** What became of a request that the broker took under this number. */
  outcome(brokerRequest: string): Promise<OutcomeReport>;
  /** What stands, the account's figures, and what was closed or booked since `since`; null asks for all there is. */
  snapshot(since: Instant | null): Promise<BrokerSnapshot>;
  /** Null where what it says of the account cannot be read. */
  account(): Promise<AccountReport | null>;
  instruments(): Promise<InstrumentList>;
  /** Null for one that the venue does not have any more. */
  instrument(instrument: Instrument): Promise<InstrumentSpec | null>;
  /** Candles that opened in a range. `QuestionRefused` with `too-large` where it is more than the broker gives. */
  candles(instrument: Instrument, period: CandlePeriod, fromMs: number, toMs: number): Promise<Readable<Candle>>;
  hours(instruments: readonly Instrument[]): Promise<Readable<TradingHours>>;

  /** Opens the venue's prices under this login, apart from what trades. Rejects like `BrokerAdapter.open`. */
  prices(listener: PriceListener, signal: AbortSignal): Promise<PriceStream>;

  /** Ends it; `SessionListener.closed` is called before this returns, once. */
  close(reason: string): void;
}

/** What a session tells on its own. */
export interface SessionListener {
  reported(report: Report): void;
  /** The account's figures, whenever they move. */
  money(money: AccountFigures): void;
  outcome(outcome: OutcomeReport): void;
  /** The first answer to a request sent in this session or an earlier one. */
  answered(requestId: RequestId, receipt: Receipt): void;
  /** Something that cannot be read and may have been about an order: whatever it was, ask. */
  unreadable(what: string, reason: string): void;
  /** Once: nothing comes any more. */
  closed(reason: string): void;
}

/** What goes first: getting out of the market, then into it, then changing what stands, then asking; charts come last. */
export type Urgency = 'close' | 'order' | 'amend' | 'query' | 'market';

/** A price an order of this side would meet, for brokers that want one they ignore; null where none is known. */
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

/** A stream of prices. */
export interface PriceStream {
  /** Resolves when it was asked for. */
  subscribe(instrument: Instrument): Promise<void>;
  close(reason: string): void;
}

export interface PriceListener {
  /** The instrument's market as it stands now, all levels of it. */
  quoted(quote: Quote): void;
  unreadable(): void;
  closed(reason: string): void;
}

/** The broker's no to a login. `fatal` must not be tried again on its own; `full`: too many connections from here. */
export class LoginRefused extends Error {
  readonly code = 'login-refused';

  constructor(
    readonly kind: 'fatal' | 'full' | 'passing',
    readonly brokerCode: string,
  ) {
    super(`login refused: ${brokerCode || 'no reason given'}`);
  }
}

/** Nobody there, or nobody who listens. */
export class BrokerUnavailable extends Error {
  readonly code = 'broker-unavailable';
}

/** The waiting line is full, or the session is gone: the turn did not and will not come. */
export class NoTurn extends Error {
  readonly code = 'no-turn';
}

/** The broker did not answer in time, or went away: nothing is known. */
export class NoAnswer extends Error {
  readonly code = 'no-answer';
}

/** The broker answered a question with an error. */
export class QuestionRefused extends Error {
  readonly code = 'question-refused';

  constructor(
    readonly reason: 'too-large' | 'unknown-instrument' | 'unknown-period' | 'broker-error',
    text: string,
  ) {
    super(text.slice(0, 256));
  }
}

/** The broker's answer holds something that cannot be read: it is no answer, and nothing may be concluded from it. */
export class UnreadableAnswer extends Error {
  readonly code = 'unreadable-answer';
}
