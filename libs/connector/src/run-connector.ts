import { natsMicroservice } from '@core/bus/nest-nats';
import { runService } from '@core/service/run-service';
import type { Groups } from '@core/service/settings';
import { NestFactory } from '@nestjs/core';
import type { Type } from '@nestjs/common';
import type { connectorConfig } from './connector-config.ts';

/** The whole `main.ts` of a connector, after `reflect-metadata`: its settings are `connectorConfig` and its own groups. */
export const runConnector = <Config extends Groups & typeof connectorConfig>(
  name: string,
  config: Config,
  module: Type,
): void =>
  runService({
    ...{ name, config, module },
    async start(root, { config: { nats }, logger }) {
      const transport = natsMicroservice({ url: nats.url, name: `${name}-feed` });
      const app = await NestFactory.createMicroservice(root, { ...transport, logger });
      await app.listen();
      return app;
    },
  });
