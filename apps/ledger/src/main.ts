import 'reflect-metadata';
import { natsMicroservice } from '@core/bus/nest-nats';
import { runService } from '@core/service/run-service';
import { NestFactory } from '@nestjs/core';
import { ledgerConfig } from './config.ts';
import { LedgerModule } from './ledger.module.ts';

runService({
  name: 'ledger',
  config: ledgerConfig,
  module: LedgerModule,
  async start(root, { config, logger }) {
    // Every ledger hears every command: only the one that writes can answer, and one that is frozen swallows nothing.
    const transport = natsMicroservice({ url: config.nats.url, name: 'ledger-commands' });
    const app = await NestFactory.createMicroservice(root, { ...transport, logger });
    await app.listen();
    return app;
  },
});
