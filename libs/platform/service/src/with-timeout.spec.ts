import { withTimeout } from './with-timeout.ts';

describe('withTimeout', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const never = new Promise<number>(() => undefined);

  it('gives what comes in time, and leaves no timer behind', async () => {
    await expect(withTimeout(Promise.resolve(1), 1_000, () => 'late')).resolves.toBe(1);
    await expect(withTimeout(Promise.reject(new Error('no')), 1_000, () => 'late')).rejects.toThrow('no');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives or throws what is said of the late', async () => {
    const both = [
      withTimeout(never, 1_000, () => 'late'),
      withTimeout(never, 1_000, () => {
        throw new Error('too late');
      }),
    ];
    const told = Promise.allSettled(both);
    jest.advanceTimersByTime(999);
    expect(jest.getTimerCount()).toBe(2);
    jest.advanceTimersByTime(1);
    expect(await told).toMatchObject([{ value: 'late' }, { reason: { message: 'too late' } }]);
  });
});
