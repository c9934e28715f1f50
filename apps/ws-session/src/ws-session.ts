import type { Edge } from '@core/edge/edge';
import { arrivalWithin } from '@core/service/arrival';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { wsSessionConfig } from './config.ts';
import { WsSessionModule } from './ws-session.module.ts';

export const wsSession: Edge<typeof wsSessionConfig> = {
  name: 'ws-session',
  config: wsSessionConfig,
  module: WsSessionModule,
  http: ({ endpoint, connection }) => ({
    port: endpoint.port,
    adapter: new FastifyAdapter(arrivalWithin(connection.authTimeoutMs)),
    configure: () => undefined,
  }),
};
