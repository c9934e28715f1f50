import 'reflect-metadata';
import { natsMicroservice } from '@core/bus/nest-nats';
import { arrivalWithin } from '@core/service/arrival';
import { runService } from '@core/service/run-service';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { wsSessionConfig } from './config.ts';
import { WsSessionModule } from './ws-session.module.ts';

void runService({
  name: 'ws-session',
  config: wsSessionConfig,
  module: WsSessionModule,
  async start(root, { config, logger }) {
    const app = await NestFactory.create(root, new FastifyAdapter(arrivalWithin(config.connection.authTimeoutMs)), {
      logger,
    });
    app.connectMicroservice(natsMicroservice({ url: config.nats.url, name: 'ws-session-feed' }));
    await app.startAllMicroservices();
    await app.listen(config.endpoint.port, config.service.host);
    return app;
  },
});
