import { secondsLeft } from './seconds-left.ts';

it('what is left is estimated by the pace that was seen, and not before there is one', () => {
  const first = { position: 1_000, atMs: 0 };
  expect(secondsLeft(first, first, 500)).toBeNull();
  expect(secondsLeft(first, { position: 1_000, atMs: 2_000 }, 500)).toBeNull();
  expect(secondsLeft(first, { position: 1_200, atMs: 2_000 }, 500)).toBe(5);
  expect(secondsLeft(first, { position: 1_200, atMs: 2_000 }, 1)).toBe(1);
});
