import { loadConfig } from '@core/service/load-config';
import { webhookConfig } from '../config.ts';
import { webhookHttp } from './http.ts';

const addressSeen = async (environment: Record<string, string>): Promise<string> => {
  const required = { DATABASE_URL: 'postgres://nowhere/none', NATS_URL: 'nats://nowhere' };
  const fastify = webhookHttp(loadConfig(webhookConfig, { ...required, ...environment }).hooks).adapter.getInstance();
  fastify.get('/', ({ ip }) => ip);
  const headers = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' };
  const { body } = await fastify.inject({ url: '/', headers, remoteAddress: '192.0.2.1' });
  await fastify.close();
  return body;
};

it('behind proxies refusals count for the address that they saw, not for one that the caller made up', async () => {
  expect(await addressSeen({ TRUSTED_PROXIES: '1' })).toBe('198.51.100.7');
  expect(await addressSeen({ TRUSTED_PROXIES: '2' })).toBe('203.0.113.9');
  expect(await addressSeen({})).toBe('192.0.2.1');
});
