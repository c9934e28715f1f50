import type { Endpoints } from './endpoints.ts';

const address = { url: 'http://127.0.0.1:1' };

export const exampleEndpoints: Endpoints = {
  console: address,
  tvGateway: { ...address, login: 'ada', password: 'of-ada' },
  oauth: { authorizationUrl: '', tokenUrl: '', clientId: '', clientSecret: '', redirectUri: '' },
  tvData: { ...address, authorization: 'Bearer of-data' },
  wsSession: { ...address, secretKey: 'of-session' },
  proquant: { ...address, header: 'x-proquant-token', token: 'of-proquant' },
  simulator: { control: address.url, accounts: [] },
  postgres: 'postgres://owner:of-postgres@127.0.0.1:2/core',
  nats: 'nats://owner:of-nats@127.0.0.1:3',
  services: {},
};
