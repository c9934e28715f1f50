import type { Venue } from '@core/contracts/primitives';
import { Counter, Gauge, Registry } from 'prom-client';
import { Inject, Injectable } from '@nestjs/common';

/** What an operator watches of the owner of bars. */
@Injectable()
export class MarketDataMetrics {
  private readonly changes: Counter<'venue'>;
  private readonly bars: Counter<'venue' | 'source'>;
  private readonly questions: Counter<'venue' | 'outcome'>;
  private readonly owned: Gauge<'venue'>;
  private readonly missing: Gauge<'venue'>;

  constructor(@Inject(Registry) registry: Registry) {
    const registers = [registry];
    this.changes = new Counter({
      ...{ name: 'market_price_changes_total', help: 'Price changes published', labelNames: ['venue'], registers },
    });
    this.bars = new Counter({
      name: 'market_bars_settled_total',
      help: 'Bars settled, as they were heard or as the chart of the broker tells them',
      labelNames: ['venue', 'source'],
      registers,
    });
    this.questions = new Counter({
      name: 'market_chart_questions_total',
      help: 'Questions to charts of brokers, by what came of them',
      labelNames: ['venue', 'outcome'],
      registers,
    });
    this.owned = new Gauge({
      ...{ name: 'market_venue_owned', help: 'Whether this process owns the bars', labelNames: ['venue'], registers },
    });
    this.missing = new Gauge({
      name: 'market_instruments_missing',
      help: 'Instruments of which minutes are missing that the chart of the broker is asked for',
      labelNames: ['venue'],
      registers,
    });
  }

  published(venue: Venue, changes: number): void {
    this.changes.inc({ venue }, changes);
  }

  settled(venue: Venue, source: 'heard' | 'chart', bars: number): void {
    this.bars.inc({ venue, source }, bars);
  }

  asked(venue: Venue, outcome: string): void {
    this.questions.inc({ venue, outcome });
  }

  owns(venue: Venue, isOwned: boolean): void {
    this.owned.set({ venue }, isOwned ? 1 : 0);
  }

  lacks(venue: Venue, instruments: number): void {
    this.missing.set({ venue }, instruments);
  }
}
