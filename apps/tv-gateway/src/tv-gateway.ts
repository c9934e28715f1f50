import type { Edge } from '@core/edge/edge';
import { gatewayConfig } from './config.ts';
import { configureHttp, httpAdapter } from './http/http.ts';
import { TvGatewayModule } from './tv-gateway.module.ts';

export const tvGateway: Edge<typeof gatewayConfig> = {
  name: 'tv-gateway',
  config: gatewayConfig,
  module: TvGatewayModule,
  http: ({ http }) => ({
    port: http.port,
    adapter: httpAdapter(http),
    configure: (app) => configureHttp(app, http),
  }),
};
