import { exampleId } from '@core/contracts/examples.fixture';
import { hookUrlOf } from './hook.ts';
import { encodeIntegrationRequest, meaningOfFailure, meaningOfStatus } from './integration-request.ts';

it('an Integration request says what its user is shown, and where events go with which header', () => {
  const terms = { name: 'ada', description: 'Demo', imageUrl: 'https://x/logo.png', userEmail: 'ada@example.com' };
  const id = exampleId(1);
  for (const publicUrl of ['https://hooks.example', 'https://hooks.example/'])
    expect(JSON.parse(encodeIntegrationRequest(terms, { url: hookUrlOf(publicUrl, id), token: 't' }))).toEqual({
      ...terms,
      webhook: { url: `https://hooks.example/proquant/v1/hooks/${id}`, headers: { 'x-proquant-token': 't' } },
    });
});

it.each([
  [200, 'taken'],
  [201, 'taken'],
  [204, 'taken'],
  [301, 'refused'],
  [400, 'refused'],
  [401, 'refused'],
  [404, 'refused'],
  [408, 'unknown'],
  [409, 'refused'],
  [422, 'refused'],
  [429, 'passing'],
  [500, 'unknown'],
  [502, 'unknown'],
  [503, 'passing'],
  [504, 'unknown'],
])('%i means that it is %s', (status, meaning) => {
  expect(meaningOfStatus(status)).toBe(meaning);
});

it('what failed before anything was sent was not taken; of the rest nobody knows', () => {
  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED', 'ERR_TLS_X'])
    expect(meaningOfFailure(code)).toBe('passing');
  for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'ETIMEDOUT', '']) expect(meaningOfFailure(code)).toBe('unknown');
});
