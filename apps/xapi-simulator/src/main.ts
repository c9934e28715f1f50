import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { endWithReader } from '@core/service/end-with-reader';
import { runService } from '@core/service/run-service';
import { simulatorConfig } from './config.ts';
import { runScriptFile } from './script/run-script-file.ts';
import { SimulatorModule } from './simulator.module.ts';

const [mode, file] = process.argv.slice(2);

if (mode === 'script' && file !== undefined) {
  endWithReader();
  process.exitCode = runScriptFile(
    file,
    (line) => process.stdout.write(`${line}\n`),
    (line) => process.stderr.write(`${line}\n`),
  );
} else {
  runService({
    name: 'xapi-simulator',
    config: simulatorConfig,
    module: SimulatorModule,
    async start(root, { config, logger }) {
      const app = await NestFactory.create(root, new FastifyAdapter(), { logger });
      await app.listen(config.sockets.controlPort, config.service.host);
      return app;
    },
  });
}
