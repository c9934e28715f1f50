import { ManualClock } from '@core/testing/manual-clock';
import { SessionClock } from './session-clock.ts';

describe('the time of an account', () => {
  it("is its broker's once that was heard, and goes on from there when the session is gone", async () => {
    const steady = new ManualClock();
    const clock = new SessionClock(steady);
    clock.session = { now: '2031-05-05T10:00:00.000000Z' };
    expect(clock.now()).toEqual({ ms: 0, at: '2031-05-05T10:00:00.000000Z' });
    clock.session = null;
    await steady.advance(90_000);
    expect(clock.now()).toEqual({ ms: 90_000, at: '2031-05-05T10:01:30.000000Z' });
  });
});
