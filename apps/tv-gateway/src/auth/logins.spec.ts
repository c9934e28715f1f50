import { AuthSettings } from '../config.ts';
import { ada, MemoryOauthStore, MemoryTokenStore } from '../memory-ports.fixture.ts';
import { Logins } from './logins.ts';

const NOW_MS = Date.UTC(2026, 0, 5, 10);
const HOUR_MS = 3_600_000;
const CACHE_MS = 5_000;

afterEach(() => jest.useRealTimers());

it('a login is known for a few seconds, wherever the wall clock jumps', async () => {
  jest.useFakeTimers({ now: NOW_MS });
  const tokens = new MemoryTokenStore();
  const logins = new Logins(new AuthSettings({ authCacheMs: CACHE_MS }), tokens, new MemoryOauthStore());
  const { token } = await logins.begin(ada);
  const { loginId } = await logins.authenticate(token);
  expect(await logins.stands(loginId)).toBe(true);

  // Another instance ends it.
  await tokens.deleteLogin(loginId);
  jest.setSystemTime(NOW_MS - HOUR_MS);
  expect([(await logins.authenticate(token)).traderId, await logins.stands(loginId)]).toEqual([ada, true]);
  jest.advanceTimersByTime(CACHE_MS);
  await expect(logins.authenticate(token)).rejects.toThrow();
  expect(await logins.stands(loginId)).toBe(false);
});
