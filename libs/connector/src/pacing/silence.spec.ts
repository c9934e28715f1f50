import { ManualClock } from '@core/testing/manual-clock';
import { Silence } from './silence.ts';

describe('silence', () => {
  let clock: ManualClock;
  let told: number[];
  let silence: Silence;
  beforeEach(() => {
    clock = new ManualClock();
    told = [];
    silence = new Silence(100, () => told.push(clock.now()), clock);
  });

  it('is told again and again', async () => {
    await clock.advance(250);
    expect(told).toEqual([100, 200]);
  });

  it('begins anew with whatever is heard', async () => {
    for (let times = 0; times < 5; times += 1) {
      await clock.advance(90);
      silence.heard();
    }
    await clock.advance(120);
    expect(told).toEqual([550]);
  });

  it('is told no more once nobody listens', async () => {
    silence.stop();
    await clock.advance(1_000);
    expect(told).toEqual([]);
  });
});
