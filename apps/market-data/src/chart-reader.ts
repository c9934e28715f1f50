import type { MarketClient } from '@core/bus/market-client';
import { barOfCandle, type Bar } from '@core/bars/bar';
import type { MissingBars } from '@core/bars/missing';
import { BAR_MS, minuteOf } from '@core/bars/minute-series';
import type { Range } from '@core/bars/known-ranges';
import type { CandleRequest, CandlesAnswer } from '@core/contracts/market/candle';
import type { MarketFailure } from '@core/contracts/market/failure';
import type { Venue } from '@core/contracts/primitives';
import { instantFromMs, toMs } from '@core/kernel/instant';

/** All minutes that a venue's chart has of a stretch of time, as far back as it tells. */
export interface ChartMinutes {
  /** Empty where all of it lies before anything that the venue tells. */
  readonly range: Range;
  readonly bars: readonly Bar[];
}

/** Venues that do not say how far back they tell are believed for so long: brokers tell a month of minutes. */
const BELIEVED_MS = 28 * 86_400_000;

/** Reads minutes of a venue's chart, page after page; a failure of one is that of the whole. */
export class ChartReader {
  constructor(
    private readonly market: Pick<MarketClient, 'candles'>,
    private readonly venue: Venue,
    private readonly pageTimeoutMs: number,
  ) {}

  async read({ instrument, range }: MissingBars, nowMs: number): Promise<ChartMinutes | MarketFailure> {
    const bars: Bar[] = [];
    let toldFromMs = nowMs - BELIEVED_MS;
    const to = instantFromMs(range.untilMs);
    for (let from: string | null = instantFromMs(range.fromMs); from !== null;) {
      const request: CandleRequest = { venue: this.venue, instrument, period: 'M1', from, to };
      const page: CandlesAnswer = await this.market.candles(request, this.pageTimeoutMs);
      if (!page.ok) return page;
      bars.push(...page.candles.map(barOfCandle));
      if (page.toldFrom !== undefined) toldFromMs = toMs(page.toldFrom);
      from = page.more;
    }
    const fromMs = Math.max(range.fromMs, minuteOf(toldFromMs + BAR_MS - 1));
    return { range: { fromMs: Math.min(fromMs, range.untilMs), untilMs: range.untilMs }, bars };
  }
}
