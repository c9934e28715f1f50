import type { Event, EventType } from '@core/contracts/event';

/**
 * Names the events that a fold has looked at and does not need. What is left must be a case of its `switch`:
 * an event that is in neither does not compile at `unreachable`, so a new one stops every fold until it was looked at.
 *
 * ```ts
 * const ignored = ignoring('SignalReceived', 'SignalRefused');
 * …
 * if (ignored(event)) return state;
 * switch (event.type) { …; default: return unreachable(event); }
 * ```
 */
export function ignoring<const Types extends readonly EventType[]>(...types: Types) {
  const ignored: ReadonlySet<EventType> = new Set(types);
  return <Given extends Event>(event: Given): event is Extract<Given, { type: Types[number] }> =>
    ignored.has(event.type);
}
