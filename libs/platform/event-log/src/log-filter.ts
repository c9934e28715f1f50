import type { EventType } from '@core/contracts/event';
import type { AccountId, Instant, Instrument } from '@core/contracts/primitives';
import { FIELD, placeOf } from '@core/log-proof/line';

/** Which events of the log are wanted; what is not said is not asked. */
export interface LogFilter {
  readonly types?: readonly EventType[];
  readonly notTypes?: readonly EventType[];
  readonly account?: AccountId;
  /** Everything that concerns it: what names it, and the further lives of its orders and positions. */
  readonly instrument?: Instrument;
  /** Positions, both inclusive. */
  readonly from?: number;
  readonly to?: number;
  /** When it was recorded; `until` is not in it. */
  readonly since?: Instant;
  readonly until?: Instant;
  /** How the producer's name begins. */
  readonly producer?: string;
  /** Stands somewhere in what the event tells, whatever its case. */
  readonly text?: string;
}

/** The names under which an instrument's orders and positions go on, by the events that name the instrument. */
export function namesIn(lines: readonly string[], instrument: string): string[] {
  return lines.flatMap((line) => {
    if (!line.includes(instrument)) return [];
    const data = dataOf(line);
    return data.instrument === instrument ? (data.positionId ?? data.orderId ?? []) : [];
  });
}

/** What `LogSearch` asks the table for, asked of a line of a file; `names` are those of the filter's instrument. */
export function isWanted(line: string, filter: LogFilter, names: ReadonlySet<string>): boolean {
  const { types, notTypes, account, instrument, from = 0, to = Infinity, since = '', until, producer, text } = filter;
  const place = placeOf(line);
  if (types && !types.some((type) => type === place.type)) return false;
  if (notTypes?.some((type) => type === place.type)) return false;
  if (account !== undefined && place.account !== account) return false;
  if (place.position < from || place.position > to) return false;
  if (place.recordedtime < since || (until !== undefined && place.recordedtime >= until)) return false;
  const fields = line.split(FIELD);
  if (producer !== undefined && !fields[10]?.startsWith(producer)) return false;
  if (text !== undefined && !fields[11]?.toLowerCase().includes(text.toLowerCase())) return false;
  if (instrument === undefined) return true;
  const data = dataOf(line);
  return data.instrument === instrument || names.has(data.orderId ?? data.positionId ?? '');
}

interface Naming {
  readonly instrument?: string;
  readonly orderId?: string | null;
  readonly positionId?: string | null;
}

const dataOf = (line: string): Naming => JSON.parse(line.slice(line.lastIndexOf(FIELD) + 1)) as Naming;
