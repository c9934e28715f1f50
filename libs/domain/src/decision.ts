import type { CommandOf, CommandType } from '@core/contracts/command';
import type { EventBody } from '@core/contracts/event';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Instant, Instrument, Uuid, Venue } from '@core/contracts/primitives';
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
  readonly limits: Limits;
}

/** `unknown`: the venue has no such instrument. `unavailable`: nobody has said yet what the venue has. */
export type InstrumentLookup = InstrumentSpec | 'unknown' | 'unavailable';

/** What operators decided for an account or for all of them. */
export interface Restrictions {
  readonly halted: boolean;
  readonly closeOnly: boolean;
}

export interface Limits {
  /** A request older than this when a connector claims it is never sent. */
  readonly requestMaxAgeMs: number;
  /** The same of a market order: what its price was worth is soon over. */
  readonly marketOrderMaxAgeMs: number;
}

/** The context of a decision, seen from one registered account. */
export interface Circumstances extends Pick<DecisionContext, 'now' | 'ageMs'> {
  readonly limits: Limits;
  /** What holds for this account, by a decision about it or about all. */
  readonly restrictions: Restrictions;
  /** The broker does not let this account trade. */
  readonly tradingDisabled: boolean;
  instrument(instrument: Instrument): InstrumentLookup;
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

export const refuse = (reason: RefusalReason): Decision => ({ events: [], refusal: refusal(reason) });

/** A refusal that leaves a trace in the log. */
export const recordAndRefuse = (reason: RefusalReason, ...events: readonly EventBody[]): Decision => ({
  events,
  refusal: refusal(reason),
});
