import { natsMicroservice } from '@core/bus/nest-nats';
import { runService } from '@core/service/run-service';
import { serveDocument } from '@core/service/serve-document';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Edge, EdgeGroups } from './edge.ts';

/**
 * Runs an edge as a process; its whole `main.ts`. It hears the feed before it reads the log, so that nothing falls
 * between the two, and listens once everything that follows the log is at its head.
 */
export const runEdge = <Of extends EdgeGroups>({ name, config: groups, module, http }: Edge<Of>): void =>
  runService({
    name,
    config: groups,
    module,
    async start(root, { config, logger }) {
      const { port, adapter, configure } = http(config);
      const app = await NestFactory.create<NestFastifyApplication>(root, adapter, { bodyParser: false, logger });
      await configure(app);
      serveDocument(app.getHttpAdapter().getInstance());
      app.connectMicroservice(natsMicroservice({ url: config.nats.url, name: `${name}-feed` }));
      await app.startAllMicroservices();
      await app.listen(port, config.service.host);
      return app;
    },
  });
