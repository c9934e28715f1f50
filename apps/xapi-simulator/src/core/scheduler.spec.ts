import fc from 'fast-check';
import { Scheduler } from './scheduler.ts';

describe('Scheduler', () => {
  it('runs tasks at their own time, and those of one time in the order they were set', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (times) => {
        const scheduler = new Scheduler(0);
        const ran: [number, number][] = [];
        times.forEach((time, index) => scheduler.at(time, () => ran.push([scheduler.now, index])));
        scheduler.advanceTo(60);
        const expected = times.map((time, index) => [time, index]).sort(([a = 0], [b = 0]) => a - b);
        expect(ran).toEqual(expected);
        expect(scheduler.now).toBe(60);
      }),
    );
  });

  it('runs what a task sets for now, and not what it sets for later', () => {
    const scheduler = new Scheduler(0);
    const ran: string[] = [];
    scheduler.at(5, () => {
      scheduler.after(0, () => ran.push('now'));
      scheduler.after(10, () => ran.push('later'));
    });
    scheduler.advanceTo(10);
    expect(ran).toEqual(['now']);
    expect(scheduler.nextAt).toBe(15);
  });

  it('forgets what is taken back', () => {
    const scheduler = new Scheduler(0);
    const cancel = scheduler.at(5, () => {
      throw new Error('taken back');
    });
    cancel();
    expect(scheduler.nextAt).toBeNull();
    scheduler.advanceTo(10);
  });

  it('repeats, asking for the interval each time, until it is stopped', () => {
    const scheduler = new Scheduler(0);
    const ran: number[] = [];
    let interval = 10;
    const stop = scheduler.every(
      () => interval,
      () => ran.push(scheduler.now),
    );
    scheduler.advanceTo(20);
    interval = 5;
    scheduler.advanceTo(40);
    stop();
    scheduler.advanceTo(100);
    expect(ran).toEqual([10, 20, 30, 35, 40]);
  });

  it('never goes back', () => {
    const scheduler = new Scheduler(100);
    scheduler.advanceTo(50);
    expect(scheduler.now).toBe(100);
  });
});
