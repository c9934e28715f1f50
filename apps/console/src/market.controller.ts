import { CANDLES_MAX, CandlePeriod, type Candle } from '@core/contracts/market/candle';
import type { MarketFailure } from '@core/contracts/market/failure';
import type { TradingHours } from '@core/contracts/market/hours';
import type { MarketSnapshot } from '@core/contracts/market/quote';
import { Instant, Instrument, Venue } from '@core/contracts/primitives';
import { Registry } from '@core/registry/registry';
import { Controller, Get, Header, Inject, Query, ServiceUnavailableException, UseGuards } from '@nestjs/common';
import type { Pool } from 'pg';
import { z } from 'zod';
import { Bus } from './bus.ts';
import { READ_ONLY } from './console-database.ts';
import { OperatorGuard } from './session.guard.ts';

/** A connector gathers candles for a few seconds, and others may be asking too. */
const ANSWER_TIMEOUT_MS = 10_000;

export const OfVenue = z.object({ venue: Venue });
export const OfInstrument = OfVenue.extend({ instrument: Instrument });
export const CandleQuery = OfInstrument.extend({
  period: CandlePeriod,
  from: Instant,
  to: Instant.nullable().default(null),
});

/** A broker's server, and what it speaks. */
export interface VenueAnswer {
  readonly venue: Venue;
  readonly protocol: string;
}

/** When an instrument trades, and of which stretches its bars are settled, the newest first. */
export interface InstrumentAnswer {
  /** Null where the broker tells none. */
  readonly hours: TradingHours | null;
  readonly bars: readonly { readonly from: Instant; readonly until: Instant }[];
}

const KNOWN = `
  select core.instant(from_at) as "from", core.instant(until_at) as "until" from market_data.known_range
  where venue = $1 and instrument = $2 order by from_at desc limit 50`;

/** What venues say, asked of whoever speaks for them. */
@Controller('api/market')
@UseGuards(OperatorGuard)
export class VenueMarketController {
  constructor(
    private readonly bus: Bus,
    @Inject(READ_ONLY) private readonly pool: Pool,
    private readonly registry: Registry,
  ) {}

  @Get('venues')
  async venues(): Promise<readonly VenueAnswer[]> {
    return (await this.registry.brokers()).map(({ venue, protocol }) => ({ venue, protocol }));
  }

  @Get('snapshot')
  @Header('cache-control', 'no-store')
  async snapshot(@Query() asked: unknown): Promise<MarketSnapshot> {
    const { venue } = OfVenue.parse(asked);
    const snapshot = await this.bus.market.snapshot(venue);
    if (!snapshot)
      throw new ServiceUnavailableException(`nobody speaks for ${venue}: no connector has a session there`);
    return snapshot;
  }

  @Get('instrument')
  @Header('cache-control', 'no-store')
  async instrument(@Query() asked: unknown): Promise<InstrumentAnswer> {
    const { venue, instrument } = OfInstrument.parse(asked);
    const [told, known] = await Promise.all([
      this.bus.market.hours({ venue, instruments: [instrument] }, ANSWER_TIMEOUT_MS),
      this.pool.query<InstrumentAnswer['bars'][number]>(KNOWN, [venue, instrument]),
    ]);
    return { hours: told.ok ? (told.hours[0] ?? null) : refused(told), bars: known.rows };
  }

  @Get('candles')
  @Header('cache-control', 'no-store')
  async candles(@Query() asked: unknown): Promise<readonly Candle[]> {
    const limits = { candlesMax: CANDLES_MAX, pageTimeoutMs: ANSWER_TIMEOUT_MS };
    const answer = await this.bus.market.allCandles(CandleQuery.parse(asked), limits);
    return 'ok' in answer ? refused(answer) : answer;
  }
}

function refused({ reason, text }: MarketFailure): never {
  throw new ServiceUnavailableException(`the venue did not answer: ${text ?? reason}`);
}
