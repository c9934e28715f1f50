import { ManualClock } from '@core/testing/manual-clock';
import { NoTurn } from '../broker-failure.ts';
import { Pacer } from './pacer.ts';
import type { Priority } from './waiting-line.ts';

describe('turns on a connection', () => {
  let clock: ManualClock;
  beforeEach(() => (clock = new ManualClock()));

  const pacer = (queueMax = 10): Pacer => new Pacer({ intervalMs: 250, queueMax }, clock);

  it('come one at a time, the urgent first, never closer than the interval', async () => {
    const line = pacer();
    const taken: [string, number][] = [];
    const take = (priority: Priority, name: string): Promise<void> =>
      line.turn(priority, () => void taken.push([name, clock.now()]));
    void take('query', 'first come');
    void take('market', 'market');
    void take('ping', 'ping');
    void take('amend', 'amend');
    void take('order', 'order');
    void take('close', 'close');
    await clock.advance(2_000);
    expect(taken).toEqual([
      ['first come', 0],
      ['close', 250],
      ['amend', 500],
      ['order', 750],
      ['ping', 1_000],
      ['market', 1_250],
    ]);
  });

  it('wait for the one before, however long it takes', async () => {
    const line = pacer();
    let finish: () => void = () => undefined;
    void line.turn('order', () => new Promise<void>((resolve) => (finish = resolve)));
    const next = jest.fn();
    void line.turn('close', next);
    await clock.advance(10_000);
    expect(next).not.toHaveBeenCalled();
    finish();
    await clock.advance(250);
    expect(next).toHaveBeenCalledTimes(1);
  });

  it('cost the next one no time where nothing was sent', async () => {
    const line = pacer();
    const taken: [boolean, number][] = [];
    const take = (isUsed: boolean): Promise<boolean> =>
      line.turn(
        'amend',
        () => {
          taken.push([isUsed, clock.now()]);
          return isUsed;
        },
        (hasSent) => hasSent,
      );
    for (const isUsed of [false, true, false, false, true, true]) void take(isUsed);
    await clock.advance(2_000);
    expect(taken).toEqual([
      [false, 0],
      [true, 0],
      [false, 250],
      [false, 250],
      [true, 250],
      [true, 500],
    ]);
  });

  it('go on after one that failed, which fails for its owner alone', async () => {
    const line = pacer();
    const failed = expect(line.turn('order', () => Promise.reject(new Error('boom')))).rejects.toThrow('boom');
    const next = jest.fn();
    void line.turn('order', next);
    await clock.advance(250);
    await failed;
    expect(next).toHaveBeenCalled();
  });

  it('are refused when too many wait, and when the connection is gone', async () => {
    const line = pacer(1);
    void line.turn('order', () => new Promise(() => undefined));
    const waiting = line.turn('order', jest.fn());
    await expect(line.turn('order', jest.fn())).rejects.toBeInstanceOf(NoTurn);
    line.close('gone');
    await expect(waiting).rejects.toThrow('gone');
    await expect(line.turn('close', jest.fn())).rejects.toBeInstanceOf(NoTurn);
  });
});
