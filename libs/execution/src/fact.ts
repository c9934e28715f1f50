import { versionOf, type Event, type EventType, type EventBody } from '@core/contracts/event';
import { factId } from '@core/contracts/fact-id';
import type { AccountId, Instant, Uuid } from '@core/contracts/primitives';

/** An event but for who saw it: what translation gives. Its id follows from what it says, so saying it twice adds nothing. */
export type Fact = Facts[EventType];

type Facts = {
  readonly [Type in EventType]: Pick<Event, 'id' | 'time' | 'correlationid' | 'causationid'> & EventBody<Type>;
};

/** What led to a fact: a chain and its last link. */
export interface Cause {
  readonly correlationid: Uuid;
  readonly lastEventId: Uuid | null;
}

export interface FactKey {
  /** What the broker calls the thing it is about. */
  readonly key: string;
  /** Which change of its kind to that key it is, from 1; things that happen once need none. */
  readonly ordinal?: number;
  /** What tells two changes of one ordinal apart. */
  readonly content?: object;
}

/** A fact with the id that its key gives it; without a cause it begins a chain of its own. */
export function factOf(
  account: AccountId,
  happening: EventBody,
  { key, ordinal = 1, content = {} }: FactKey,
  time: Instant,
  cause: Cause | null,
): Fact {
  const id = factId(account, happening.type, key, ordinal, content);
  return {
    id,
    time,
    correlationid: cause?.correlationid ?? id,
    causationid: cause?.lastEventId ?? null,
    ...happening,
  };
}

/** What a fact is to the next one of its chain. */
export const causeOf = ({ correlationid, id }: Fact): Cause => ({ correlationid, lastEventId: id });

/** The event that says a fact, in the order of its schema; `source` is the build that saw it. */
export function eventOf(fact: Fact, account: AccountId, source: string): Event {
  const { id, time, correlationid, causationid, ...happening } = fact;
  return {
    ...{ id, schemaversion: versionOf(fact.type), source, subject: account, time, correlationid, causationid },
    ...happening,
  };
}
