import { openUntilMs, type KeyLife } from './key-life.ts';

const at = (ms: number) => new Date(ms);
const key: KeyLife = {
  ...{ secretHash: 'new', previousHash: 'old', previousUntil: at(10) },
  ...{ expiresAt: null, revoked: false },
};

it.each([
  ['a secret without an end', key, 'new', Infinity],
  ['one that was rotated, for the overlap', key, 'old', 10],
  ['one of another key', key, 'other', 0],
  ['any secret of a key that ends', { ...key, expiresAt: at(5) }, 'new', 5],
  ['an old one that would outlive its key', { ...key, expiresAt: at(5) }, 'old', 5],
  ['an old one of a key that outlives it', { ...key, expiresAt: at(50) }, 'old', 10],
  ['any of a revoked key', { ...key, revoked: true }, 'new', 0],
  ['one that was never rotated in', { ...key, previousHash: null, previousUntil: null }, 'old', 0],
])('opens: %s', (_, of, secret, until) => {
  expect(openUntilMs(of, secret)).toBe(until);
});
