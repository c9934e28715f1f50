import type { Endpoints } from './endpoints.ts';
import { greeting } from './greeting.ts';

const address = { url: 'http://127.0.0.1:1' };
const endpoints: Endpoints = {
  tvGateway: { ...address, login: 'ada', password: 'of-ada' },
  wsSession: { ...address, secretKey: 'of-session' },
  proquant: { ...address, header: 'x-proquant-token', token: 'of-proquant' },
  simulator: { control: address.url, accounts: [] },
  postgres: 'postgres://owner:of-postgres@127.0.0.1:2/core',
  nats: 'nats://owner:of-nats@127.0.0.1:3',
  services: {},
};

it('shows the demo’s credentials and no server’s, for what a terminal shows is kept in its history', () => {
  const shown = greeting(endpoints, {}, '.data');
  expect(shown).toContain('of-ada');
  expect(shown).toContain('127.0.0.1:2/core');
  expect(shown).toContain('127.0.0.1:3');
  expect(shown).not.toMatch(/of-postgres|of-nats/);
});
