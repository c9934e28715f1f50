import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { runService } from '@core/service/run-service';
import { SimulatorConfig } from './config.ts';
import { SimulatorModule } from './simulator.module.ts';

void runService({
  name: 'xapi-simulator',
  config: SimulatorConfig,
  module: SimulatorModule,
  async start(root, { config, logger }) {
    const app = await NestFactory.create(root, new FastifyAdapter(), { logger });
    await app.listen(config.simulatorControlPort, config.host);
    return app;
  },
});
