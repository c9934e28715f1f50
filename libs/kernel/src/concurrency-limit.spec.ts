import { ConcurrencyLimit } from './concurrency-limit.ts';

describe('ConcurrencyLimit', () => {
  it('lets a few in, some wait, and turns the rest away', async () => {
    const limit = new ConcurrencyLimit(1, 1);
    const opened: (() => void)[] = [];
    const work = (name: string) => () => new Promise<string>((resolve) => opened.push(() => resolve(name)));
    const [first, second] = [limit.run(work('first')), limit.run(work('second'))];
    expect(await limit.run(work('third'))).toBeNull();
    opened[0]?.();
    expect(await first).toBe('first');
    opened[1]?.();
    expect(await second).toBe('second');
  });

  it('goes on after a failure', async () => {
    const limit = new ConcurrencyLimit(1, 0);
    await expect(limit.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await limit.run(() => Promise.resolve('fine'))).toBe('fine');
  });
});
