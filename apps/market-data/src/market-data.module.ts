import { connectNats } from '@core/bus/nats-connection';
import { migrateMarketBars } from '@core/market-bars/migrations';
import { openRegistry, Registry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { registryPlace } from '@core/registry/registry-place';
import { CellSettings, DatabaseUrlSettings, NatsSettings } from '@core/service/service-settings';
import { Module } from '@nestjs/common';
import { MarketDataMetrics } from './metrics.ts';
import { MARKET_DATA_NATS } from './tokens.ts';
import { Venues } from './venues.ts';

async function registryOn({ url }: DatabaseUrlSettings, cell: CellSettings): Promise<Registry> {
  await migrateMarketBars(url);
  return openRegistry({ ...registryPlace(url, cell), newId });
}

/** Owns the bars of venues: takes in their prices, keeps minutes, gives out ticks. */
@Module({
  providers: [
    { provide: Registry, inject: [DatabaseUrlSettings, CellSettings], useFactory: registryOn },
    {
      provide: MARKET_DATA_NATS,
      inject: [NatsSettings],
      useFactory: ({ url }: NatsSettings) => connectNats({ url, name: 'market-data' }),
    },
    MarketDataMetrics,
    Venues,
  ],
})
export class MarketDataModule {}
