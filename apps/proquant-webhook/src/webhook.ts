import type { Edge } from '@core/edge/edge';
import { webhookConfig } from './config.ts';
import { webhookHttp } from './http/http.ts';
import { ProquantWebhookModule } from './proquant-webhook.module.ts';

export const webhook: Edge<typeof webhookConfig> = {
  name: 'proquant-webhook',
  config: webhookConfig,
  module: ProquantWebhookModule,
  http: ({ hooks }) => webhookHttp(hooks),
};
