import { LoginSettings } from '../config.ts';
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
    for (const at of [0, 500]) throttle.failed('ada', '10.0.0.1', at);
    expect(throttle.allows('ADA', '10.0.0.1', 999)).toBe(false);
    expect(throttle.allows('ada', '10.0.0.2', 999)).toBe(true);
    expect(throttle.allows('ada', '10.0.0.1', 1_000)).toBe(true);
  });

  it('stops an address that tries many logins, and a login that many addresses try', () => {
    const throttle = new LoginThrottle(limits);
    for (const login of ['a', 'b', 'c', 'd']) throttle.failed(login, '10.0.0.1', 0);
    expect(throttle.allows('e', '10.0.0.1', 0)).toBe(false);
    for (let n = 0; n < 5; n += 1) throttle.failed('ada', `10.0.1.${n}`, 0);
    expect(throttle.allows('ada', '10.0.2.1', 0)).toBe(false);
  });

  it('forgets a pair that got in', () => {
    const throttle = new LoginThrottle(limits);
    throttle.failed('ada', '10.0.0.1', 0);
    throttle.succeeded('ada', '10.0.0.1');
    throttle.failed('ada', '10.0.0.1', 0);
    expect(throttle.allows('ada', '10.0.0.1', 0)).toBe(true);
  });

  it('remembers no more than it may', () => {
    const throttle = new LoginThrottle({ ...limits, trackedMax: 3 });
    for (let n = 0; n < 2; n += 1) throttle.failed('ada', '10.0.0.1', 0);
    throttle.failed('bob', '10.0.0.2', 0);
    expect(throttle.allows('ada', '10.0.0.1', 0)).toBe(true);
  });
});
