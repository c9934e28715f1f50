import type { RecordedEvent } from '@core/contracts/event';
import type { Pool } from 'pg';
import type { DetachedLog } from './detached/detached-log.ts';
import { endOf, whileNothingMoves, type DetachedRange } from './detached/detached-ranges.ts';
import { isWanted, namesIn, type LogFilter } from './log-filter.ts';
import { decodeLine } from './stored-line.ts';
import { upcasters } from './upcast.ts';

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
  constructor(
    private readonly pool: Pool,
    /** What is no longer in the table is looked through line by line. */
    private readonly detached: DetachedLog,
  ) {}

  page(filter: LogFilter, window: LogWindow): Promise<readonly RecordedEvent[]> {
    return whileNothingMoves(this.pool, async (ranges) => {
      const names = await this.detachedNames(ranges, filter);
      const seam = endOf(ranges);
      const { limit } = window;
      if ('before' in window) {
        const inTable = await this.inTable(filter, names, { ...window, after: seam });
        const rest = { after: 0, before: Math.min(window.before, seam + 1), limit: limit - inTable.length };
        return [...inTable, ...decoded(await this.inFiles(ranges, filter, names, rest, 'back'))];
      }
      const inFiles = await this.inFiles(ranges, filter, names, { ...window, before: seam + 1 }, 'on');
      const rest = { after: Math.max(window.after, seam), limit: limit - inFiles.length };
      return [...(await this.inTable(filter, names, rest)), ...decoded(inFiles.toReversed())];
    });
  }

  /** By type, of what the rest of a filter lets through, so far as it is in the table. */
  countByType({ types: _types, notTypes: _notTypes, ...filter }: LogFilter): Promise<TypeCounts> {
    return whileNothingMoves(this.pool, async (ranges) => {
      const where = new Conditions();
      where.add((n) => `e.position > (select position - ${n} from core.log_head)`, COUNTED_MAX);
      where.add((n) => `e.position > ${n}`, endOf(ranges));
      where.addFilter(filter, await this.detachedNames(ranges, filter));
      const { rows } = await this.pool.query<{ type: string; count: string; head: string }>(
        `select e.type, count(*) as count, (select position from core.log_head) as head
         from core.event e where ${where.text} and e.position <= (select position from core.log_head) group by e.type`,
        where.values,
      );
      const counts = Object.fromEntries(rows.map(({ type, count }) => [type, Number(count)]));
      return { counts, from: Math.max(1, Number(rows[0]?.head ?? 0) - COUNTED_MAX + 1, endOf(ranges) + 1) };
    });
  }

  /** The newest first; those nearest to `before` where it is said, and to `after` otherwise. */
  private async inTable(
    filter: LogFilter,
    names: readonly string[],
    { after, before, limit }: { readonly after: number; readonly before?: number; readonly limit: number },
  ): Promise<readonly RecordedEvent[]> {
    if (limit === 0) return [];
    const where = new Conditions();
    where.add((n) => `e.position > ${n}`, after);
    where.add((n) => `e.position < ${n}`, before);
    where.addFilter(filter, names);
    const { rows } = await this.pool.query<{ line: string }>(
      `select core.event_line(e) as line from (
         select * from core.event e where ${where.text} and e.position <= (select position from core.log_head)
         order by e.position ${before === undefined ? 'asc' : 'desc'} limit ${where.parameter(limit)}
       ) e order by position desc`,
      where.values,
    );
    return decoded(rows.map(({ line }) => line));
  }

  /** From `before` back or from `after` on. */
  private async inFiles(
    ranges: readonly DetachedRange[],
    filter: LogFilter,
    names: readonly string[],
    { after, before, limit }: { readonly after: number; readonly before: number; readonly limit: number },
    way: 'back' | 'on',
  ): Promise<string[]> {
    const found: string[] = [];
    const from = Math.max(after + 1, filter.from ?? 1);
    const to = Math.min(before - 1, filter.to ?? Infinity, endOf(ranges));
    if (limit === 0 || from > to) return found;
    const known = new Set(names);
    const sections =
      way === 'back' ? this.detached.sectionsBack(ranges, to + 1) : this.detached.sections(ranges, from - 1);
    for await (const { head, lines } of sections) {
      if (way === 'back' ? head.last < from : head.first > to) break;
      const within = lines.slice(Math.max(0, from - head.first), Math.max(0, to + 1 - head.first));
      for (const line of way === 'back' ? within.toReversed() : within) {
        if (!isWanted(line, filter, known)) continue;
        found.push(line);
        if (found.length === limit) return found;
      }
    }
    return found;
  }

  private async detachedNames(ranges: readonly DetachedRange[], { instrument }: LogFilter): Promise<readonly string[]> {
    const names: string[] = [];
    if (instrument === undefined) return names;
    for await (const { lines } of this.detached.sections(ranges, 0)) names.push(...namesIn(lines, instrument));
    return names;
  }
}

const decoded = (lines: readonly string[]): RecordedEvent[] => lines.map((line) => decodeLine(line, upcasters));

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

  addFilter(
    { types, notTypes, account, instrument, from, to, since, until, producer, text }: LogFilter,
    /** Of what goes on under a name that was given in a file. */
    names: readonly string[],
  ): void {
    this.add((n) => `e.type = any(${n})`, types);
    this.add((n) => `e.type <> all(${n})`, notTypes);
    this.add((n) => `e.account_id = ${n}`, account);
    this.add(
      (n) => `(e.data->>'instrument' = ${n} or coalesce(e.data->>'orderId', e.data->>'positionId') in (
        select coalesce(named.data->>'positionId', named.data->>'orderId') from core.event named
        where named.data->>'instrument' = ${n})
        or coalesce(e.data->>'orderId', e.data->>'positionId') = any(${this.parameter(names)}))`,
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
