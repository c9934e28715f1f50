import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { endWithReader } from '@core/service/end-with-reader';
import { runService } from '@core/service/run-service';
import { runCapsuleFile } from './capsule/run-capsule-file.ts';
import { serveDocument, servePage } from '@core/service/serve-document';
import { simulatorConfig } from './config.ts';
import { runScriptFile } from './script/run-script-file.ts';
import { SimulatorModule } from './simulator.module.ts';

const [mode, file] = process.argv.slice(2);

const runFile = new Map([
  ['script', runScriptFile],
  ['capsule', runCapsuleFile],
]).get(mode ?? '');

if (runFile && file !== undefined) {
  endWithReader();
  process.exitCode = runFile(
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
      const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter(), { logger });
      const server = app.getHttpAdapter().getInstance();
      serveDocument(server);
      servePage(server);
      await app.listen(config.sockets.controlPort, config.service.host);
      return app;
    },
  });
}
