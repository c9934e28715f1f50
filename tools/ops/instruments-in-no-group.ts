import type { Instrument, Venue } from '@core/contracts/primitives';
import type { DataGroup } from '@core/registry/data-feed-entities';

/** What a venue trades; null where nobody could tell. */
export type Offers = ReadonlyMap<Venue, readonly Instrument[] | null>;

/** What no group holds once one of them has been put: of what it held before, and of what the venues trade. */
export function instrumentsInNoGroup(put: DataGroup, before: readonly DataGroup[], offers: Offers): Instrument[] {
  const held = before.find(({ id }) => id === put.id)?.instruments ?? [];
  const offered = [...offers.values()].flatMap((instruments) => instruments ?? []);
  const grouped = new Set([put, ...before.filter(({ id }) => id !== put.id)].flatMap(({ instruments }) => instruments));
  return [...new Set([...held, ...offered])].filter((instrument) => !grouped.has(instrument)).toSorted();
}

const NAMED_MAX = 12;

/** The same as an operator is told it, with what is not known of it; no line where all is well. */
export function inNoGroupInWords(instruments: readonly Instrument[], offers: Offers): string[] {
  const named = instruments.slice(0, NAMED_MAX).join(', ');
  const others = instruments.length > NAMED_MAX ? ` and ${instruments.length - NAMED_MAX} more` : '';
  const unknown = [...offers].filter(([, offered]) => offered === null).map(([venue]) => venue);
  return [
    ...(instruments.length > 0 ? [`in no group then, so in nobody’s permissions: ${named}${others}`] : []),
    ...(unknown.length > 0
      ? [`what else is in no group is not known: nobody tells what is traded at ${unknown.join(', ')}`]
      : []),
  ];
}
