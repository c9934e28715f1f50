import { NoTurn, Pacer, Priority } from './pacer.ts';

describe('turns on a connection', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const pacer = (queueMax = 10): Pacer => new Pacer({ intervalMs: 250, queueMax });

  it('come one at a time, the urgent first, never closer than the interval', async () => {
    const line = pacer();
    const taken: [string, number][] = [];
    const start = performance.now();
    const take = (priority: Priority, name: string): Promise<void> =>
      line.turn(priority, () => void taken.push([name, Math.round(performance.now() - start)]));
    void take(Priority.query, 'first come');
    void take(Priority.market, 'market');
    void take(Priority.ping, 'ping');
    void take(Priority.amend, 'amend');
    void take(Priority.order, 'order');
    void take(Priority.close, 'close');
    await jest.advanceTimersByTimeAsync(2_000);
    expect(taken).toEqual([
      ['first come', 0],
      ['close', 250],
      ['order', 500],
      ['amend', 750],
      ['ping', 1_000],
      ['market', 1_250],
    ]);
  });

  it('wait for the one before, however long it takes', async () => {
    const line = pacer();
    let finish: () => void = () => undefined;
    void line.turn(Priority.order, () => new Promise<void>((resolve) => (finish = resolve)));
    const next = jest.fn();
    void line.turn(Priority.close, next);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(next).not.toHaveBeenCalled();
    finish();
    await jest.advanceTimersByTimeAsync(250);
    expect(next).toHaveBeenCalledTimes(1);
  });

  it('go on after one that failed, which fails for its owner alone', async () => {
    const line = pacer();
    const failed = expect(line.turn(Priority.order, () => Promise.reject(new Error('boom')))).rejects.toThrow('boom');
    const next = jest.fn();
    void line.turn(Priority.order, next);
    await jest.advanceTimersByTimeAsync(250);
    await failed;
    expect(next).toHaveBeenCalled();
  });

  it('are refused when too many wait, and when the connection is gone', async () => {
    const line = pacer(1);
    void line.turn(Priority.order, () => new Promise(() => undefined));
    const waiting = line.turn(Priority.order, jest.fn());
    await expect(line.turn(Priority.order, jest.fn())).rejects.toBeInstanceOf(NoTurn);
    line.close('gone');
    await expect(waiting).rejects.toThrow('gone');
    await expect(line.turn(Priority.close, jest.fn())).rejects.toBeInstanceOf(NoTurn);
  });
});
