import 'reflect-metadata';
import { natsMicroservice } from '@core/bus/nest-nats';
import { runService } from '@core/service/run-service';
import { NestFactory } from '@nestjs/core';
import { xapiConnectorConfig } from './config.ts';
import { XapiConnectorModule } from './xapi-connector.module.ts';

void runService({
  name: 'xapi-connector',
  config: xapiConnectorConfig,
  module: XapiConnectorModule,
  async start(root, { config, logger }) {
    const transport = natsMicroservice({ url: config.connector.natsUrl, name: 'xapi-connector-feed' });
    const app = await NestFactory.createMicroservice(root, { ...transport, logger });
    await app.listen();
    return app;
  },
});
