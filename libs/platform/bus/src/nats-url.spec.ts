import { anyCharacter } from '@core/testing/any-character';
import fc from 'fast-check';
import { natsUrlText, readNatsUrl } from './nats-url.ts';

const host = fc.oneof(fc.domain(), fc.ipV4(), fc.constant('localhost'));
const server = fc
  .tuple(host, fc.option(fc.integer({ min: 1, max: 65_535 })))
  .map(([name, port]) => (port === null ? name : `${name}:${port}`));
const word = fc.string({ unit: anyCharacter, minLength: 1, maxLength: 20 }).filter((text) => text.isWellFormed());
const login = fc.oneof(fc.record({ user: word, password: word }), fc.constant({ user: '', password: '' }));

it('names one login and any number of servers, whatever the password is made of', () => {
  const scheme = fc.constantFrom('nats', 'tls');
  const address = fc.tuple(scheme, login, fc.array(server, { minLength: 1, maxLength: 5 }));
  fc.assert(
    fc.property(address, ([scheme, as, servers]) => {
      const named = { scheme, ...as, servers };
      expect(readNatsUrl(natsUrlText(named))).toEqual(named);
    }),
  );
});

it.each([
  'nats://',
  'nats://a,,b',
  'nats://a,',
  'nats://u:p@',
  'http://a',
  'nats://a nats://b',
  'nats://u:secret@x@y',
  '',
])('is not %j, and the failure does not tell it', (url) => {
  expect(() => readNatsUrl(url)).toThrow(/^NATS is named as nats:/);
});
