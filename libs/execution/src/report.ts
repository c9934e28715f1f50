import type { BalanceOperation } from '@core/contracts/events/account';
import type { CloseReason } from '@core/contracts/events/position';
import type { RejectionReason } from '@core/contracts/events/request';
import type { Currency, Decimal, Instant, Instrument, OrderKind, Side } from '@core/contracts/primitives';

/**
 * What a broker says, in our words: what an adapter makes of its wire and all that the account tracker knows of a broker.
 * A report is about one thing, which it names by the broker's own number, and it is exact; prices have the precision the
 * broker gave them. Reports may be repeated, late and out of order. A broker's message that says nothing of a position,
 * an order or money, such as a market order still on its way, is no report.
 */
export type Report = StandingReport | EndReport | DealReport | BookingReport;

/** Something stands at the broker as this says: what a snapshot lists. */
export type StandingReport = PositionReport | OrderReport;

/** Something stands no more; why is for other reports to say. */
type EndReport = PositionGone | OrderGone;

/**
 * A position that is open. Figures that float with the market are as of the report: by them one that came twice is told
 * from a value that came back.
 */
export interface PositionReport {
  readonly about: 'position';
  /** The broker's number of it. */
  readonly position: string;
  /**
   * The broker's number of what made it: the order that opened it or, where a partial close renumbers the rest, the
   * position or the close it goes on from. Null where the broker does not say.
   */
  readonly origin: string | null;
  readonly instrument: Instrument;
  /** Decimals of its prices. */
  readonly digits: number;
  readonly side: Side;
  readonly volumeLots: Decimal;
  readonly price: Decimal;
  /** What a close now would meet, as the broker saw it; zero where it does not say. */
  readonly closePrice: Decimal;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
  readonly trailingPoints: number | null;
  /** Account currency, as all money here. */
  readonly profit: Decimal;
  readonly commission: Decimal;
  readonly swap: Decimal;
  readonly openedAt: Instant;
  /** Text that whoever asked for it left: where our own mark stands. */
  readonly comment: string | null;
}

/**
 * A limit or stop order that has not met its price. Told once more, unchanged, right before it is gone: its price was
 * met, so that without a position of it the trigger failed.
 */
export interface OrderReport {
  readonly about: 'order';
  readonly order: string;
  readonly instrument: Instrument;
  readonly digits: number;
  readonly side: Side;
  readonly kind: Exclude<OrderKind, 'market'>;
  readonly volumeLots: Decimal;
  readonly price: Decimal;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
  readonly trailingPoints: number | null;
  readonly placedAt: Instant;
  readonly expiresAt: Instant | null;
  readonly comment: string | null;
}

interface PositionGone {
  readonly about: 'position-gone';
  readonly position: string;
}

interface OrderGone {
  readonly about: 'order-gone';
  readonly order: string;
}

/** A position was closed, as a whole or in part. */
export interface DealReport {
  readonly about: 'deal';
  readonly deal: string;
  /** The position it closed. */
  readonly position: string;
  /** The broker's number of the close that asked for it. */
  readonly request: string;
  readonly instrument: Instrument;
  readonly digits: number;
  /** Of the position. */
  readonly side: Side;
  /** What was closed of it. */
  readonly volumeLots: Decimal;
  readonly openPrice: Decimal;
  readonly closePrice: Decimal;
  /** Gross, without commission and swap. */
  readonly profit: Decimal;
  /** Of what was closed, not of what remains. */
  readonly commission: Decimal;
  readonly swap: Decimal;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
  readonly reason: CloseReason;
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
  readonly comment: string | null;
}

/** Money that no trade moved: a deposit, a withdrawal, a credit. */
export interface BookingReport {
  readonly about: 'booking';
  /** The broker's number is its `reference`. */
  readonly operation: BalanceOperation & { readonly reference: string };
  readonly at: Instant;
}

/** An account's figures in its own currency; `marginLevel` in percent. */
export interface AccountFigures {
  readonly balance: Decimal;
  readonly credit: Decimal;
  readonly equity: Decimal;
  readonly margin: Decimal;
  readonly marginFree: Decimal;
  readonly marginLevel: Decimal;
}

/** What became of a request, by the broker's number of it. */
export interface OutcomeReport {
  readonly brokerRequest: string;
  readonly comment: string | null;
  /** `open` leaves everything as it is. */
  readonly outcome:
    { readonly is: 'accepted' } | { readonly is: 'open' } | ({ readonly is: 'rejected' } & BrokerRejection);
}

/** The broker's no. Without a code the reason was read from its words, and may be a guess. */
export interface BrokerRejection {
  readonly reason: RejectionReason;
  readonly brokerCode: string | null;
  readonly text: string | null;
}

/**
 * The broker's first answer to a request it was sent. `taken`: it has it, under this number. `busy`: it did nothing, and
 * the same may go again. `unclear`: carried out or not, nobody knows.
 */
export type Receipt =
  | { readonly is: 'taken'; readonly brokerRequest: string }
  | ({ readonly is: 'rejected' } & BrokerRejection)
  | { readonly is: 'busy'; readonly brokerCode: string | null; readonly text: string | null }
  | { readonly is: 'unclear' };

/** What an account is at its broker. */
export interface AccountReport {
  readonly currency: Currency;
  /** 100 is 1:100; null where the broker does not say. */
  readonly leverage: Decimal | null;
  readonly group: string;
  readonly tradingDisabled: boolean;
}

/** Everything a broker says when it is asked: what stands, what was closed and booked lately, and the figures. */
export interface BrokerSnapshot {
  /** When it was asked for, on a clock that only goes forward: what the stream spoke of since then is newer. */
  readonly askedMs: number;
  readonly standing: readonly StandingReport[];
  readonly history: readonly (DealReport | BookingReport)[];
  readonly money: AccountFigures;
}
