import type { EventType, RecordedEvent } from '@core/contracts/event';
import type { AccountId, Instant, Instrument } from '@core/contracts/primitives';
import type { Pool } from 'pg';
import { decodeLine } from './stored-line.ts';
import { upcasters } from './upcast.ts';

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

/** Where in the log to look: the events nearest to `before` first, or those nearest to `after`. */
export type LogWindow =
  { readonly before: number; readonly limit: number } | { readonly after: number; readonly limit: number };

/** How many events of a type there are, as far back as was counted. */
export interface TypeCounts {
  readonly counts: Readonly<Record<string, number>>;
  /** The first position that was looked at: 1 where all of the log was. */
  readonly from: number;
}

/** The log's last so many events are counted: more would keep its reader waiting. */
const COUNTED_MAX = 200_000;

/** Events by what they are about, the newest first; for people who look for something. Reads only. */
export class LogSearch {
  constructor(private readonly pool: Pool) {}

  async page(filter: LogFilter, window: LogWindow): Promise<readonly RecordedEvent[]> {
    const isBefore = 'before' in window;
    const where = new Conditions();
    if (isBefore) where.add((n) => `e.position < ${n}`, window.before);
    else where.add((n) => `e.position > ${n}`, window.after);
    where.addFilter(filter);
    const { rows } = await this.pool.query<{ line: string }>(
      `select core.event_line(e) as line from (
         select * from core.event e where ${where.text} and e.position <= (select position from core.log_head)
         order by e.position ${isBefore ? 'desc' : 'asc'} limit ${where.parameter(window.limit)}
       ) e order by position desc`,
      where.values,
    );
    return rows.map(({ line }) => decodeLine(line, upcasters));
  }

  /** By type, of what the rest of a filter lets through. */
  async countByType({ types: _types, notTypes: _notTypes, ...filter }: LogFilter): Promise<TypeCounts> {
    const where = new Conditions();
    where.add((n) => `e.position > (select position - ${n} from core.log_head)`, COUNTED_MAX);
    where.addFilter(filter);
    const { rows } = await this.pool.query<{ type: string; count: string; head: string }>(
      `select e.type, count(*) as count, (select position from core.log_head) as head
       from core.event e where ${where.text} and e.position <= (select position from core.log_head) group by e.type`,
      where.values,
    );
    const counts = Object.fromEntries(rows.map(({ type, count }) => [type, Number(count)]));
    return { counts, from: Math.max(1, Number(rows[0]?.head ?? 0) - COUNTED_MAX + 1) };
  }
}

/** What a row must be, and the values that stand in it. */
class Conditions {
  readonly values: unknown[] = [];
  private readonly terms: string[] = [];

  get text(): string {
    return this.terms.join(' and ');
  }

  parameter(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  add(term: (parameter: string) => string, value: unknown): void {
    if (value !== undefined) this.terms.push(term(this.parameter(value)));
  }

  addFilter({ types, notTypes, account, instrument, from, to, since, until, producer, text }: LogFilter): void {
    this.add((n) => `e.type = any(${n})`, types);
    this.add((n) => `e.type <> all(${n})`, notTypes);
    this.add((n) => `e.account_id = ${n}`, account);
    this.add(
      (n) => `(e.data->>'instrument' = ${n} or coalesce(e.data->>'orderId', e.data->>'positionId') in (
        select coalesce(named.data->>'positionId', named.data->>'orderId') from core.event named
        where named.data->>'instrument' = ${n}))`,
      instrument,
    );
    this.add((n) => `e.position >= ${n}`, from);
    this.add((n) => `e.position <= ${n}`, to);
    this.add((n) => `e.recorded_at >= ${n}`, since);
    this.add((n) => `e.recorded_at < ${n}`, until);
    this.add((n) => `starts_with(e.producer, ${n})`, producer);
    this.add((n) => `e.data::text ilike ${n}`, text === undefined ? undefined : `%${text.replace(/[\\%_]/g, '\\$&')}%`);
  }
}
