import type { Decimal, Instrument, Venue } from '@core/contracts/primitives';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A minute of an instrument: one that was heard or the broker's chart told, or the one that runs. */
@Entity({ schema: 'market_data', name: 'bar' })
class MarketBar {
  @PrimaryColumn('text') venue: Venue;
  @PrimaryColumn('text') instrument: Instrument;
  @PrimaryColumn('timestamptz', { name: 'opened_at' }) openedAt: Date;
  @Column('text') open: Decimal;
  @Column('text') high: Decimal;
  @Column('text') low: Decimal;
  @Column('text') close: Decimal;
  @Column('int') volume: number;
}

/** A stretch of an instrument's time whose bars are settled: what is not in it is a bar that does not exist. */
@Entity({ schema: 'market_data', name: 'known_range' })
export class KnownRange {
  @PrimaryColumn('text') venue: Venue;
  @PrimaryColumn('text') instrument: Instrument;
  @PrimaryColumn('timestamptz', { name: 'from_at' }) from: Date;
  @Column('timestamptz', { name: 'until_at' }) until: Date;
}

/** What holds for all bars of a venue. */
@Entity({ schema: 'market_data', name: 'venue' })
export class MarketVenue {
  @PrimaryColumn('text') venue: Venue;
  /** Nothing is told before it. */
  @Column('timestamptz', { name: 'floor_at' }) floor: Date;
  /** The zone of the broker's calendar: at its midnight a trading day begins. */
  @Column('text', { name: 'day_zone' }) dayZone: string;
}

export const marketEntities = [MarketBar, KnownRange, MarketVenue];
