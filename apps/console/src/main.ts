import 'reflect-metadata';
import { runService } from '@core/service/run-service';
import { serveDocument } from '@core/service/serve-document';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { consoleConfig } from './config.ts';
import { consoleHttp } from './console-http.ts';
import { ConsoleModule } from './console.module.ts';

runService({
  name: 'console',
  config: consoleConfig,
  module: ConsoleModule,
  async start(root, { config, logger }) {
    const app = await NestFactory.create<NestFastifyApplication>(root, consoleHttp(config.page), { logger });
    serveDocument(app.getHttpAdapter().getInstance());
    await app.listen(config.page.port, config.service.host);
    return app;
  },
});
