import type { Bar } from '@core/bars/bar';
import { holesIn, withRange, type Range, type Ranges } from '@core/bars/known-ranges';
import { FIELD } from '@core/log-proof/line';
import { present } from '@core/kernel/present';
import type { Decimal, Instrument, Venue } from '@core/contracts/primitives';
import { textColumns } from '@core/service/text-columns';
import { In, type EntityManager } from 'typeorm';
import { KnownRange, MarketVenue } from './entities.ts';

/** What holds for all bars of a venue. */
export interface VenueTerms {
  /** Nothing is told before it. */
  readonly floorMs: number;
  /** The zone of the broker's calendar: at its midnight a trading day begins. */
  readonly dayZone: string;
}

/** A row of columns: a day has 1 440 minutes, and to make an entity of each costs more than to read them all. */
const BARS = `
  select
    string_agg((extract(epoch from opened_at) * 1000)::bigint::text, ',') as moments,
    string_agg(open, ',') as opens, string_agg(high, ',') as highs,
    string_agg(low, ',') as lows, string_agg(close, ',') as closes,
    string_agg(volume::text, ',') as volumes
  from (
    select * from market_data.bar
    where venue = $1 and instrument = $2 and opened_at >= $3 and opened_at < $4
    order by opened_at
  ) as bar`;

/** Of each instrument the last bar before a moment, and whether it is settled that no tick came after it until then. */
const LAST_BARS = `
  select named.instrument, bar.close,
    (extract(epoch from bar.opened_at) * 1000)::float8 as "openedAtMs",
    exists (
      select from market_data.known_range known
      where known.venue = $1 and known.instrument = named.instrument
        and known.from_at <= bar.opened_at and known.until_at >= $3
    ) as "isSettled"
  from unnest($2::text[]) as named (instrument) cross join lateral (
    select opened_at, close from market_data.bar
    where venue = $1 and instrument = named.instrument and opened_at < $3
    order by opened_at desc limit 1
  ) as bar`;

/** The last that is known of an instrument before a moment. */
export interface LastBar extends Pick<Bar, 'openedAtMs' | 'close'> {
  readonly instrument: Instrument;
  /** Whether its close was the price at the moment, too; otherwise nobody knows what came in between. */
  readonly isSettled: boolean;
}

/** Each with commas between; null where there are no bars. */
type BarColumns = Readonly<Record<'moments' | 'opens' | 'highs' | 'lows' | 'closes' | 'volumes', string>>;

/** Figures by columns, as they are read: a first start writes a million bars of a venue. Names may have any letter. */
const PUT = `
  insert into market_data.bar (venue, instrument, opened_at, open, high, low, close, volume)
  select $1, instrument, to_timestamp(moment::float8 / 1000), open, high, low, close, volume::int
  from rows from (unnest($2::text[]), string_to_table($3, $9), string_to_table($4, $9), string_to_table($5, $9),
      string_to_table($6, $9), string_to_table($7, $9), string_to_table($8, $9))
    as told (instrument, moment, open, high, low, close, volume)
  on conflict (venue, instrument, opened_at) do update
  set open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close, volume = excluded.volume`;

/** Bars of a stretch of time that are not settled. */
const DROP_DRAFTS = `
  delete from market_data.bar bar
  where venue = $1 and instrument = any($2) and opened_at >= $3 and opened_at < $4
    and not exists (
      select from market_data.known_range known
      where known.venue = bar.venue and known.instrument = bar.instrument
        and known.from_at <= bar.opened_at and bar.opened_at < known.until_at
    )`;

/**
 * The bars of venues. Whoever writes holds the venue's lock on the connection of this manager, so that a writer who lost
 * it writes nothing more, and writes one thing after the other; readers may be many.
 */
export class BarStore {
  constructor(private readonly manager: EntityManager) {}

  /** Null where nobody has owned the venue's bars yet. */
  async terms(venue: Venue): Promise<VenueTerms | null> {
    const row = await this.manager.findOneBy(MarketVenue, { venue });
    return row && { floorMs: row.floor.getTime(), dayZone: row.dayZone };
  }

  async putTerms(venue: Venue, { floorMs, dayZone }: VenueTerms): Promise<void> {
    await this.manager.upsert(MarketVenue, { venue, floor: new Date(floorMs), dayZone }, ['venue']);
  }

  /** Bars that opened in [fromMs, untilMs), oldest first, whether settled or not. */
  async bars(venue: Venue, instrument: Instrument, { fromMs, untilMs }: Range): Promise<Bar[]> {
    const range = [new Date(fromMs), new Date(untilMs)];
    const rows: (BarColumns | Readonly<Record<keyof BarColumns, null>>)[] = await this.manager.query(BARS, [
      ...[venue, instrument, ...range],
    ]);
    const [columns] = rows;
    return columns === undefined || columns.moments === null ? [] : barsIn(columns);
  }

  /** `beforeMs` is the beginning of a minute; nothing is told of whom nothing is known. */
  lastBars(venue: Venue, instruments: readonly Instrument[], beforeMs: number): Promise<LastBar[]> {
    return this.manager.query(LAST_BARS, [venue, instruments, new Date(beforeMs)]);
  }

  async known(venue: Venue, instrument: Instrument): Promise<Ranges> {
    return (await this.knownOf(venue, [instrument])).get(instrument) ?? [];
  }

  /** Of every instrument of which anything is known, or of some of them. */
  async knownOf(venue: Venue, instruments?: readonly Instrument[]): Promise<ReadonlyMap<Instrument, Ranges>> {
    const rows = await this.manager.find(KnownRange, {
      where: { venue, ...(instruments && { instrument: In(instruments) }) },
      order: { from: 'asc' },
    });
    const known = new Map<Instrument, Range[]>();
    for (const { instrument, from, until } of rows) {
      const ranges = known.get(instrument) ?? [];
      ranges.push({ fromMs: from.getTime(), untilMs: until.getTime() });
      known.set(instrument, ranges);
    }
    return known;
  }

  /** Writes bars that run, or that wait for the broker's chart: they are not settled. */
  async draft(venue: Venue, bars: ReadonlyMap<Instrument, Bar>): Promise<void> {
    await put(this.manager, venue, [...bars]);
  }

  /**
   * All bars of a stretch of time for each of the instruments, all or nothing. What was settled before stays as it was,
   * and of the rest nothing but these bars is left.
   */
  async settle(venue: Venue, range: Range, bars: ReadonlyMap<Instrument, readonly Bar[]>): Promise<void> {
    const instruments = [...bars.keys()];
    await this.manager.transaction(async (manager) => {
      const before = await new BarStore(manager).knownOf(venue, instruments);
      const rows: (readonly [Instrument, Bar])[] = [];
      for (const [instrument, told] of bars) {
        const holes = holesIn(before.get(instrument) ?? [], range);
        const isFresh = ({ openedAtMs: atMs }: Bar): boolean =>
          holes.some(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
        rows.push(...told.filter(isFresh).map((bar) => [instrument, bar] as const));
      }
      await manager.query(DROP_DRAFTS, [venue, instruments, new Date(range.fromMs), new Date(range.untilMs)]);
      await put(manager, venue, rows);
      await manager.delete(KnownRange, { venue, instrument: In(instruments) });
      await manager.insert(KnownRange, rangeRows(venue, instruments, range, before));
    });
  }
}

function barsIn({ moments, opens, highs, lows, closes, volumes }: BarColumns): Bar[] {
  const of = (column: string): readonly Decimal[] => column.split(',') as Decimal[];
  const [open, high, low, close, volume] = [of(opens), of(highs), of(lows), of(closes), of(volumes)];
  return of(moments).map((moment, n) => ({
    openedAtMs: Number(moment),
    open: present(open[n], EACH),
    high: present(high[n], EACH),
    low: present(low[n], EACH),
    close: present(close[n], EACH),
    volume: Number(volume[n]),
  }));
}
const EACH = 'every column has each bar';
const FIGURES = ['openedAtMs', 'open', 'high', 'low', 'close', 'volume'] as const;

const rangeRows = (
  venue: Venue,
  instruments: readonly Instrument[],
  range: Range,
  before: ReadonlyMap<Instrument, Ranges>,
): KnownRange[] =>
  instruments.flatMap((instrument) =>
    withRange(before.get(instrument) ?? [], range).map(({ fromMs, untilMs }) => ({
      ...{ venue, instrument, from: new Date(fromMs), until: new Date(untilMs) },
    })),
  );

async function put(manager: EntityManager, venue: Venue, bars: readonly (readonly [Instrument, Bar])[]): Promise<void> {
  if (bars.length === 0) return;
  const instruments = bars.map(([instrument]) => instrument);
  const figures = textColumns(
    bars.map(([, bar]) => bar),
    FIGURES,
  );
  await manager.query(PUT, [venue, instruments, ...figures, FIELD]);
}
