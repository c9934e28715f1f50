import type { Bar } from '@core/bars/bar';
import { withRange, type Range, type Ranges } from '@core/bars/known-ranges';
import type { Instrument, Venue } from '@core/contracts/primitives';
import { Between, type EntityManager } from 'typeorm';
import { KnownRange, MarketBar } from './entities.ts';

/** Rows of one statement: Postgres takes 65 535 parameters, and a bar is eight. */
const ROWS_MAX = 5_000;

/**
 * The bars of venues. Whoever writes holds the venue's lock on the connection of this manager, so that a writer who lost
 * it writes nothing more; readers may be many.
 */
export class BarStore {
  constructor(private readonly manager: EntityManager) {}

  /** Bars that opened in [fromMs, untilMs), oldest first, whether settled or not. */
  async bars(venue: Venue, instrument: Instrument, { fromMs, untilMs }: Range): Promise<Bar[]> {
    const rows = await this.manager.find(MarketBar, {
      where: { venue, instrument, openedAt: Between(new Date(fromMs), new Date(untilMs - 1)) },
      order: { openedAt: 'asc' },
    });
    return rows.map(({ openedAt, open, high, low, close, volume }) => ({
      ...{ openedAtMs: openedAt.getTime(), open, high, low, close, volume },
    }));
  }

  async known(venue: Venue, instrument: Instrument): Promise<Ranges> {
    const rows = await this.manager.find(KnownRange, { where: { venue, instrument }, order: { from: 'asc' } });
    return rows.map(({ from, until }) => ({ fromMs: from.getTime(), untilMs: until.getTime() }));
  }

  /** Writes the bar that runs, or one that waits for the broker's chart: it is not settled. */
  async draft(venue: Venue, instrument: Instrument, bar: Bar): Promise<void> {
    await this.put(this.manager, venue, instrument, [bar]);
  }

  /** All bars of a stretch of time, all or nothing. What was settled before stays as it was. */
  async settle(venue: Venue, instrument: Instrument, range: Range, bars: readonly Bar[]): Promise<void> {
    await this.manager.transaction(async (manager) => {
      const known = await new BarStore(manager).known(venue, instrument);
      const isSettled = (atMs: number): boolean =>
        known.some(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
      const fresh = bars.filter(
        ({ openedAtMs: atMs }) => range.fromMs <= atMs && atMs < range.untilMs && !isSettled(atMs),
      );
      await this.put(manager, venue, instrument, fresh);
      await manager.delete(KnownRange, { venue, instrument });
      const rows = withRange(known, range).map(({ fromMs, untilMs }) => ({
        ...{ venue, instrument, from: new Date(fromMs), until: new Date(untilMs) },
      }));
      if (rows.length > 0) await manager.insert(KnownRange, rows);
    });
  }

  private async put(manager: EntityManager, venue: Venue, instrument: Instrument, bars: readonly Bar[]): Promise<void> {
    const rows = bars.map(({ openedAtMs, ...bar }) => ({ venue, instrument, openedAt: new Date(openedAtMs), ...bar }));
    for (let at = 0; at < rows.length; at += ROWS_MAX)
      await manager.upsert(MarketBar, rows.slice(at, at + ROWS_MAX), ['venue', 'instrument', 'openedAt']);
  }
}
