import { addressOf } from './trusted-proxies.ts';

const socket = { remoteAddress: '192.0.2.1' };

it.each([
  [0, '203.0.113.9, 198.51.100.7', '192.0.2.1'],
  [1, '203.0.113.9, 198.51.100.7', '198.51.100.7'],
  [2, '203.0.113.9,198.51.100.7', '203.0.113.9'],
  [9, '203.0.113.9, 198.51.100.7', '203.0.113.9'],
  [1, undefined, '192.0.2.1'],
  [1, ' , ', '192.0.2.1'],
])('behind %i proxies %s is a call from %s', (trusted, forwarded, address) => {
  expect(addressOf({ headers: { 'x-forwarded-for': forwarded }, socket }, trusted)).toBe(address);
});
