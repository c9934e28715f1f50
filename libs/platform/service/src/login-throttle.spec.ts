import { LoginSettings } from './login-settings.ts';
import { LoginThrottle } from './login-throttle.ts';

describe('LoginThrottle', () => {
  const limits = new LoginSettings({
    windowMs: 1_000,
    failuresMax: 2,
    failuresPerAddressMax: 4,
    failuresPerLoginMax: 5,
    trackedMax: 100,
  });

  it('stops one login from one address, until its window is over', () => {
    const throttle = new LoginThrottle(limits);
    for (const at of [0, 500]) expect(throttle.begin('ada', '10.0.0.1', at)).toBe(true);
    expect(throttle.begin('ADA', '10.0.0.1', 999)).toBe(false);
    expect(throttle.begin('ada', '10.0.0.2', 999)).toBe(true);
    expect(throttle.begin('ada', '10.0.0.1', 1_000)).toBe(true);
  });

  it('leaves one attempt to each name at an address that failed too often, so that no other name is locked out', () => {
    const throttle = new LoginThrottle(limits);
    for (const login of ['a', 'b', 'c', 'd']) throttle.begin(login, '10.0.0.1', 0);
    expect([1, 2].map(() => throttle.begin('e', '10.0.0.1', 0))).toEqual([true, false]);
    expect(throttle.begin('a', '10.0.0.1', 0)).toBe(false);
  });

  it('leaves one attempt to each address at a name that failed too often, so that its owner is not locked out', () => {
    const throttle = new LoginThrottle(limits);
    for (let n = 0; n < 5; n += 1) throttle.begin('ada', `10.0.1.${n}`, 0);
    expect([1, 2].map(() => throttle.begin('ada', '10.0.2.1', 0))).toEqual([true, false]);
  });

  it('counts nothing of what got in, and forgets what its pair had failed before', () => {
    const throttle = new LoginThrottle(limits);
    for (let n = 0; n < 20; n += 1) {
      throttle.begin('ada', '10.0.0.1', 0);
      throttle.begin('ada', '10.0.0.1', 0);
      throttle.undecided('ada', '10.0.0.1');
      throttle.succeeded('ada', '10.0.0.1');
    }
    expect([1, 2, 3].map(() => throttle.begin('bob', '10.0.0.1', 0))).toEqual([true, true, false]);
  });

  it('remembers no more than it may', () => {
    const throttle = new LoginThrottle({ ...limits, trackedMax: 3 });
    for (let n = 0; n < 2; n += 1) throttle.begin('ada', '10.0.0.1', 0);
    throttle.begin('bob', '10.0.0.2', 0);
    expect(throttle.allows('ada', '10.0.0.1', 0)).toBe(true);
  });
});
