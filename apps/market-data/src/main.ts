import 'reflect-metadata';
import { runService } from '@core/service/run-service';
import { NestFactory } from '@nestjs/core';
import { marketDataConfig } from './config.ts';
import { MarketDataModule } from './market-data.module.ts';

runService({
  name: 'market-data',
  config: marketDataConfig,
  module: MarketDataModule,
  start: (root, { logger }) => NestFactory.createApplicationContext(root, { logger }),
});
