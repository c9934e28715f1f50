import 'reflect-metadata';
import { natsMicroservice } from '@core/bus/nest-nats';
import { runService } from '@core/service/run-service';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { gatewayConfig } from './config.ts';
import { configureHttp, httpAdapter } from './http/http.ts';
import { TvGatewayModule } from './tv-gateway.module.ts';

void runService({
  name: 'tv-gateway',
  config: gatewayConfig,
  module: TvGatewayModule,
  async start(root, { config, logger }) {
    const options = { bodyParser: false, logger };
    const app = await NestFactory.create<NestFastifyApplication>(root, httpAdapter(config.http), options);
    await configureHttp(app, config.http);
    app.connectMicroservice(natsMicroservice({ url: config.nats.url, name: 'tv-gateway-feed' }));
    await app.startAllMicroservices();
    await app.listen(config.http.port, config.service.host);
    return app;
  },
});
