import { KeyedQueue } from './keyed-queue.ts';

/** Work that ends when it is told to. */
function work() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const begun: string[] = [];
  return { end, begun, run: (name: string) => async () => (begun.push(name), await ended, name) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a queue by keys', () => {
  it('lets one pass after the other, in order, whatever became of the one before', async () => {
    const queue = new KeyedQueue(3);
    const { begun, run, end } = work();
    const failing = queue.run('a', () => Promise.reject(new Error('broken')));
    const [second, third] = [queue.run('a', run('second')), queue.run('a', run('third'))];
    await expect(failing).rejects.toThrow('broken');
    await settle();
    expect(begun).toEqual(['second']);
    end();
    expect(await Promise.all([second, third])).toEqual(['second', 'third']);
    expect(begun).toEqual(['second', 'third']);
  });

  it('does not hold up another', async () => {
    const queue = new KeyedQueue(3);
    const { begun, run, end } = work();
    const both = [queue.run('a', run('a')), queue.run('b', run('b'))];
    await settle();
    expect(begun).toEqual(['a', 'b']);
    end();
    await Promise.all(both);
  });

  it('turns away who would wait too long, and is as good as new when it is empty', async () => {
    const queue = new KeyedQueue(2);
    const { run, end } = work();
    const taken = ['1', '2', '3'].map((name) => queue.run('a', run(name)));
    expect(await queue.run('a', run('4'))).toBeNull();
    end();
    expect(await Promise.all(taken)).toEqual(['1', '2', '3']);
    expect(await queue.run('a', run('5'))).toBe('5');
  });

  it('takes what must not be turned away, in its turn, however much waits', async () => {
    const queue = new KeyedQueue(0);
    const { begun, run, end } = work();
    const [first, second] = [queue.run('a', run('first')), queue.always('a', run('second'))];
    expect(await queue.run('a', run('third'))).toBeNull();
    end();
    expect(await Promise.all([first, second])).toEqual(['first', 'second']);
    expect(begun).toEqual(['first', 'second']);
  });
});
