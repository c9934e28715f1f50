import type { CommandOf, CommandType } from '@core/contracts/command';
import type { EventBody } from '@core/contracts/event';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { LimitKind } from '@core/contracts/limit';
import type { PricedMarket } from '@core/contracts/market/valuation';
import type {
  AccountId,
  Instant,
  Instrument,
  Side,
  TraderId,
  Uuid,
  Venue,
  Decimal,
  PositionId,
} from '@core/contracts/primitives';
import { refusal, type Refusal, type RefusalReason } from '@core/contracts/refusal';

/**
 * What a command comes to. `events` are to be committed even where there is a refusal:
 * some refusals are worth remembering, such as a request that grew too old to be sent.
 * Neither of both means that everything asked for was already true.
 */
export interface Decision {
  readonly events: readonly EventBody[];
  readonly refusal: Refusal | null;
}

/** What rules know besides the account's past. All of it is data: asking twice gives the same answer. */
export interface DecisionContext {
  readonly now: Instant;
  /** How old a request is that this event asked for, at this time. Not by the difference of times alone: clocks jump. */
  ageMs(askedBy: Uuid, askedAt: Instant): number;
  instrument(venue: Venue, instrument: Instrument): InstrumentLookup;
  /** What operators decided for all accounts: `risk` of the system account's aggregate. */
  readonly system: Restrictions;
  /** The limits that operators set for all accounts or for those of a trader. */
  readonly systemLimits: SetLimits;
  /** The prices of a venue; a stale one is none. */
  market(venue: Venue): PricedMarket;
  readonly limits: Limits;
  /** By account that is expected in this log: by which move. `arrivals` of the system account's aggregate. */
  readonly arrivals: Readonly<Record<AccountId, Uuid>>;
  /** Why the past that a command brings cannot be recorded after what the log has of the account. */
  whyUnfit(commandid: Uuid, account: AccountId): string | null;
  /** What a command hands in again of the quarantine; null where that holds no such message. */
  handedIn(commandid: Uuid): HandedIn | null;
}

/** A message as the intake would read it now: the events that would be recorded, or why not all of it would be. */
export type HandedIn =
  { readonly ok: true; readonly eventIds: readonly Uuid[] } | { readonly ok: false; readonly why: string };

/** `unknown`: the venue has no such instrument. `unavailable`: nobody has said yet what the venue has. */
export type InstrumentLookup = InstrumentSpec | 'unknown' | 'unavailable';

/** What operators decided for an account or for all of them. */
export interface Restrictions {
  readonly halted: boolean;
  readonly closeOnly: boolean;
  /** Edges whose requests are recorded and not traded; `*` is every edge. */
  readonly shadow: readonly string[];
}

/** What a limit of its kind allows; a kind without one is not limited. */
export type LimitTable = Partial<Record<LimitKind, Decimal>>;

/** Limits as the events of an account, or of the system account, left them. */
export interface SetLimits {
  own: LimitTable;
  /** The system account's only: of the accounts of a trader. */
  ofTraders: Record<TraderId, LimitTable>;
  /** By edge: how long the same order counts as a repetition. */
  duplicateWindowMs: Record<string, number>;
}

/** What of a new order its limits are about; the price is null at market. */
export interface SizedOrder {
  readonly instrument: Instrument;
  readonly side: Side;
  readonly volumeLots: Decimal;
  readonly price: Decimal | null;
  /** Of an order that follows on the close of a position: that one. */
  readonly closes?: PositionId;
}

/** A limit stopped it, or a limit stands that cannot be measured at the moment. */
export type LimitRefusal = Refusal & { readonly reason: 'limit-exceeded' | 'limit-unmeasured' };

export interface Limits {
  /** A request older than this when a connector claims it is never sent. */
  readonly requestMaxAgeMs: number;
  /** The same of a market order: what its price was worth is soon over. */
  readonly marketOrderMaxAgeMs: number;
}

/** The context of a decision, seen from one registered account. */
export interface Circumstances extends Pick<DecisionContext, 'now' | 'ageMs' | 'handedIn' | 'whyUnfit'> {
  /** By which move the account is expected in this log; null where it is not. */
  readonly expectedBy: Uuid | null;
  readonly limits: Limits;
  /** What holds for this account, by a decision about it or about all. */
  readonly restrictions: Restrictions;
  /** The broker does not let this account trade. */
  readonly tradingDisabled: boolean;
  instrument(instrument: Instrument): InstrumentLookup;
  /** What the market offers now: for opening on this side, or for closing what is on it. Null without a live price. */
  marketPrice(purpose: 'opening' | 'closing', order: Pick<SizedOrder, 'instrument' | 'side'>): Decimal | null;
  /** Why the account's limits do not allow an order. */
  limitOn(order: SizedOrder, spec: InstrumentSpec): LimitRefusal | null;
  /** Whether it repeats one that came a moment ago, where its edge is guarded against that. */
  isDuplicate(order: SizedOrder, edge: string): boolean;
  /** Why the account's limits do not allow a price to be moved there. */
  limitOnPrice(order: Omit<SizedOrder, 'volumeLots'>): LimitRefusal | null;
}

/**
 * The rule of one command: what it comes to for an account in this state. Each takes the parts of the state it asks.
 * Pure: no clock, no id, no I/O, and the state stays as it is. A repeated command adds no events.
 */
export type Decide<Type extends CommandType, State> = (
  state: State,
  command: CommandOf<Type>,
  at: Circumstances,
) => Decision;

/** Already true, or already done: what a repeated command deserves. */
export const nothing: Decision = { events: [], refusal: null };

export const record = (...events: readonly EventBody[]): Decision => ({ events, refusal: null });

export const refuse = (why: RefusalReason | Refusal): Decision => ({
  events: [],
  refusal: typeof why === 'string' ? refusal(why) : why,
});

/** A refusal that leaves a trace in the log. */
export const recordAndRefuse = (why: RefusalReason | Refusal, ...events: readonly EventBody[]): Decision => ({
  ...refuse(why),
  events,
});
