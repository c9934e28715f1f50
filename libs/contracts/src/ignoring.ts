import type { EventType } from './event.ts';
import { accountEvents } from './events/account.ts';
import { moveEvents } from './events/move.ts';
import { orderEvents } from './events/order.ts';
import { positionEvents } from './events/position.ts';
import { requestEvents } from './events/request.ts';
import { signalEvents } from './events/signal.ts';

interface EventShape {
  readonly shape: { readonly type: { readonly value: string } };
}
type NameIn<Family extends readonly EventShape[]> = Family[number]['shape']['type']['value'];

const namesIn = <Family extends readonly EventShape[]>(family: Family): readonly NameIn<Family>[] =>
  family.map(({ shape }) => shape.type.value);

/** Families of events, for readers that need none of one. */
export const ACCOUNT_EVENTS = namesIn(accountEvents);
export const REQUEST_EVENTS = namesIn(requestEvents);
export const ORDER_EVENTS = namesIn(orderEvents);
export const POSITION_EVENTS = namesIn(positionEvents);
export const SIGNAL_EVENTS = namesIn(signalEvents);
/** What restricts accounts, and what our rules did not let pass. */
export const RESTRICTION_EVENTS = [
  'TradingHalted',
  'TradingResumed',
  'CloseOnlySet',
  'LimitSet',
  'DuplicateGuardSet',
  'ShadowSet',
  'CommandRefused',
  'RequestShadowed',
] as const;
/** What was set aside, what operators did that changes no account, and where an account is on its way to. */
export const UPKEEP_EVENTS = [
  'MessageQuarantined',
  'MessageReleased',
  'MessageReplaced',
  'MessageSkipped',
  'OperatorActed',
  ...namesIn(moveEvents),
] as const;

/**
 * Names the events that a reader has looked at and does not need. What is left must be a case of its `switch`:
 * an event that is in neither does not compile at `unreachable`, so a new one stops every reader until it was looked at.
 *
 * ```ts
 * const ignored = ignoring(...SIGNAL_EVENTS, 'EquityMarked');
 * …
 * if (ignored(event)) return;
 * switch (event.type) { …; default: return unreachable(event); }
 * ```
 */
export function ignoring<const Types extends readonly EventType[]>(...types: Types) {
  const ignored: ReadonlySet<EventType> = new Set(types);
  return <Given extends { readonly type: EventType }>(event: Given): event is Extract<Given, { type: Types[number] }> =>
    ignored.has(event.type);
}
