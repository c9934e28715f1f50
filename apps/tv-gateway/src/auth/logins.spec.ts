import { CellSettings } from '@core/service/service-settings';
import { AuthSettings } from '../config.ts';
import { ada, MemoryOauthStore, MemoryTokenStore, MemoryTraders } from '../memory-ports.fixture.ts';
import { Unauthenticated } from '../refused.ts';
import { jittered } from './jittered.ts';
import { Logins } from './logins.ts';

const BELIEVED_MS = 5_000;
const EXPIRY = new Date('2999-01-01T00:00:00Z');
const aToken = (letter: string): string => letter.repeat(43);

afterEach(() => void jest.useRealTimers());

describe.each([
  ['asks its store each time', 0],
  ['remembers for a minute', 60_000],
])('a gateway that %s', (_, authCacheMs) => {
  let logins: Logins;
  beforeEach(() => {
    logins = new Logins(
      new AuthSettings({ authCacheMs }),
      new MemoryTokenStore(),
      new MemoryOauthStore(),
      new MemoryTraders(),
      new CellSettings(),
    );
  });

  const admit = (token: string, loginId = 'login', sessionUid = 'visit'): Promise<void> =>
    logins.admit({ token, traderId: ada, loginId, sessionUid, expiresAt: EXPIRY });

  it('lets a login stand while its token is renewed, and neither when it ends', async () => {
    let ended = 0;
    logins.onEnd('login', () => (ended += 1));
    await admit(aToken('a'));
    await logins.authenticate(aToken('a'));
    expect(await logins.stands('login')).toBe(true);
    await admit(aToken('b'));
    await logins.authenticate(aToken('a'));
    const renewed = await logins.authenticate(aToken('b'));
    await expect(logins.authenticate(aToken('a'))).rejects.toThrow(Unauthenticated);
    expect(await logins.stands('login')).toBe(true);
    expect(ended).toBe(0);
    await logins.logout(renewed);
    expect(await logins.stands('login')).toBe(false);
    await expect(logins.authenticate(aToken('b'))).rejects.toThrow(Unauthenticated);
    expect(ended).toBe(1);
  });

  it('ends every login of a visit with one of them, and no other', async () => {
    await admit(aToken('a'), 'first');
    await admit(aToken('b'), 'second');
    await admit(aToken('c'), 'third', 'elsewhere');
    const { token } = await logins.begin(ada);
    for (const each of [aToken('b'), aToken('c'), token]) await logins.authenticate(each);
    await logins.logout(await logins.authenticate(aToken('a')));
    await expect(logins.authenticate(aToken('b'))).rejects.toThrow(Unauthenticated);
    expect(await logins.authenticate(aToken('c'))).toMatchObject({ traderId: ada });
    expect(await logins.authenticate(token)).toMatchObject({ traderId: ada });
  });
});

it('lifetimes differ by up to a tenth, and are never longer than they may be', () => {
  const lifetimes = Array.from({ length: 1_000 }, () => jittered(10_000));
  expect(Math.max(...lifetimes)).toBeLessThanOrEqual(10_000);
  expect(Math.min(...lifetimes)).toBeGreaterThanOrEqual(9_000);
  expect(new Set(lifetimes).size).toBeGreaterThan(500);
});

it('a login that is used all the time never waits for the store, and hears of its end there in half that time', async () => {
  jest.useFakeTimers();
  const tokens = new MemoryTokenStore();
  const logins = new Logins(
    new AuthSettings({ authCacheMs: BELIEVED_MS }),
    tokens,
    new MemoryOauthStore(),
    new MemoryTraders(),
    new CellSettings(),
  );
  const { token } = await logins.begin(ada);
  await logins.authenticate(token);
  const find = jest.spyOn(tokens, 'find').mockImplementationOnce(() => new Promise(() => undefined));
  jest.advanceTimersByTime(BELIEVED_MS / 2);
  expect((await logins.authenticate(token)).traderId).toBe(ada);
  expect(find).toHaveBeenCalledTimes(1);

  const other = await logins.begin(ada);
  const { loginId } = await logins.authenticate(other.token);
  await tokens.deleteLogin(loginId);
  jest.advanceTimersByTime(BELIEVED_MS / 2);
  await logins.authenticate(other.token);
  await jest.advanceTimersByTimeAsync(0);
  await expect(logins.authenticate(other.token)).rejects.toThrow();
});
