import { Lanes } from './lanes.ts';

/** Work that ends when it is told to. */
function work() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const begun: string[] = [];
  return { end, begun, run: (name: string) => async () => (begun.push(name), await ended, name) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a lane', () => {
  it('lets one pass after the other, in order, whatever became of the one before', async () => {
    const lanes = new Lanes(3);
    const { begun, run, end } = work();
    const failing = lanes.run('a', () => Promise.reject(new Error('broken')));
    const [second, third] = [lanes.run('a', run('second')), lanes.run('a', run('third'))];
    await expect(failing).rejects.toThrow('broken');
    await settle();
    expect(begun).toEqual(['second']);
    end();
    expect(await Promise.all([second, third])).toEqual(['second', 'third']);
    expect(begun).toEqual(['second', 'third']);
  });

  it('does not hold up another', async () => {
    const lanes = new Lanes(3);
    const { begun, run, end } = work();
    const both = [lanes.run('a', run('a')), lanes.run('b', run('b'))];
    await settle();
    expect(begun).toEqual(['a', 'b']);
    end();
    await Promise.all(both);
  });

  it('turns away who would wait too long, and is as good as new when it is empty', async () => {
    const lanes = new Lanes(2);
    const { run, end } = work();
    const taken = ['1', '2', '3'].map((name) => lanes.run('a', run(name)));
    expect(await lanes.run('a', run('4'))).toBeNull();
    end();
    expect(await Promise.all(taken)).toEqual(['1', '2', '3']);
    expect(await lanes.run('a', run('5'))).toBe('5');
  });
});
