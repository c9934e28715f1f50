import 'reflect-metadata';
import { natsMicroservice } from '@core/bus/nest-nats';
import { runService } from '@core/service/run-service';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { webhookConfig } from './config.ts';
import { configureHttp, httpAdapter } from './http/http.ts';
import { ProquantWebhookModule } from './proquant-webhook.module.ts';

void runService({
  name: 'proquant-webhook',
  config: webhookConfig,
  module: ProquantWebhookModule,
  async start(root, { config, logger }) {
    const app = await NestFactory.create<NestFastifyApplication>(root, httpAdapter(config.hooks), {
      logger,
      bodyParser: false,
    });
    configureHttp(app);
    app.connectMicroservice(natsMicroservice({ url: config.nats.url, name: 'proquant-webhook-feed' }));
    await app.startAllMicroservices();
    await app.listen(config.hooks.port, config.service.host);
    return app;
  },
});
