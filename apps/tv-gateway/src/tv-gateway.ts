import type { Edge } from '@core/edge/edge';
import { gatewayConfig } from './config.ts';
import { gatewayHttp } from './http/http.ts';
import { TvGatewayModule } from './tv-gateway.module.ts';

export const tvGateway: Edge<typeof gatewayConfig> = {
  name: 'tv-gateway',
  config: gatewayConfig,
  module: TvGatewayModule,
  http: ({ http }) => gatewayHttp(http),
};
