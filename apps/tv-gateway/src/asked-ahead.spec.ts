import { AskedAhead } from './asked-ahead.ts';

const LIFETIME_MS = 1_000;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('asks in the second half of what is believed, once at a time, and again whatever became of it', async () => {
  const ahead = new AskedAhead<string>(LIFETIME_MS);
  const askedMs = 0;
  const asks: (() => void)[] = [];
  const failing = () => new Promise((_, reject) => asks.push(() => reject(new Error('away'))));
  jest.advanceTimersByTime(LIFETIME_MS / 2 - 1);
  ahead.ask('a', askedMs, failing);
  expect(asks).toHaveLength(0);
  jest.advanceTimersByTime(1);
  for (let n = 0; n < 3; n += 1) ahead.ask('a', askedMs, failing);
  expect(asks).toHaveLength(1);
  ahead.ask('b', askedMs, failing);
  expect(asks).toHaveLength(2);
  for (const fail of asks) fail();
  await Promise.resolve();
  ahead.ask('a', askedMs, failing);
  expect(asks).toHaveLength(3);
});
