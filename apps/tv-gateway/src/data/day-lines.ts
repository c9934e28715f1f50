import type { Bar } from '@core/bars/bar';
import { TickFeed } from '@core/bus/tick-feed';
import type { Instrument } from '@core/contracts/primitives';
import { toNumber } from '@core/kernel/decimal';
import { SingleFlight } from '@core/kernel/single-flight';
import { BarHistory } from '@core/market-bars/bar-history';
import { inBackground } from '@core/service/in-background';
import type { StreamingLine } from '@core/tradingview/wire/feed';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSettings } from '../config.ts';
import { PriceStreams } from './price-streams.ts';

/** Every few seconds tells readers of `/streaming` the running day, as `/history` has it, of what ticked meanwhile. */
@Injectable()
export class DayLines implements OnApplicationShutdown {
  private ticked = new Set<Instrument>();
  /** In the round before: what ticked a moment ago may not have been written by then. */
  private tickedBefore = new Set<Instrument>();
  private readonly telling = new SingleFlight();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly settings: DataSettings,
    private readonly streams: PriceStreams,
    private readonly bars: BarHistory,
    ticks: TickFeed,
  ) {
    ticks.onTicks(({ venue, changes }) => {
      if (venue !== settings.venue) return;
      for (const { instrument, isTick } of changes)
        if (isTick && streams.tells(instrument)) this.ticked.add(instrument);
    });
    const tell = (): void =>
      inBackground(
        'telling days that run',
        this.telling.run(() => this.tell()),
      );
    this.timer = setInterval(tell, settings.daysMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async tell(): Promise<void> {
    const { venue } = this.settings;
    if (venue === undefined) return;
    const ticked = new Set([...this.tickedBefore, ...this.ticked]);
    [this.tickedBefore, this.ticked] = [this.ticked, new Set()];
    for (const instrument of ticked) {
      const day = await this.bars.runningDay(venue, instrument, Date.now());
      if (day) this.streams.tell([dayLine(instrument, day)]);
    }
  }
}

const dayLine = (id: Instrument, { openedAtMs, open, high, low, close, volume }: Bar): StreamingLine => ({
  ...{ f: 'd', id, o: toNumber(open), h: toNumber(high), l: toNumber(low), c: toNumber(close) },
  ...{ v: volume, t: openedAtMs / 1000 },
});
