import { ConcurrencyLimit } from './concurrency-limit.ts';

describe('ConcurrencyLimit', () => {
  it('lets a few in, some wait, and turns the rest away', async () => {
    const limit = new ConcurrencyLimit(1, 1, 9);
    const opened: (() => void)[] = [];
    const work = (name: string) => () => new Promise<string>((resolve) => opened.push(() => resolve(name)));
    const [first, second] = [limit.run('a', work('first')), limit.run('a', work('second'))];
    expect(await limit.run('a', work('third'))).toBeNull();
    opened[0]?.();
    expect(await first).toBe('first');
    opened[1]?.();
    expect(await second).toBe('second');
  });

  it('leaves room for others where one key has its share, and gives it back', async () => {
    const limit = new ConcurrencyLimit(1, 9, 2);
    const opened: (() => void)[] = [];
    const work = () => new Promise<string>((resolve) => opened.push(() => resolve('done')));
    const under = [limit.run('a', work), limit.run('a', work), limit.run('b', work)];
    expect(await limit.run('a', work)).toBeNull();
    for (const [index, each] of under.entries()) {
      opened[index]?.();
      expect(await each).toBe('done');
    }
    expect(await limit.run('a', async () => 'again')).toBe('again');
  });

  it('goes on after a failure', async () => {
    const limit = new ConcurrencyLimit(1, 0, 9);
    await expect(limit.run('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await limit.run('a', () => Promise.resolve('fine'))).toBe('fine');
  });
});
