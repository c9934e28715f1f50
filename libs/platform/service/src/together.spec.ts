import { Together } from './together.ts';

/** Work that ends when it is told to. */
function slow(max = 10, keyOf?: (item: string) => unknown) {
  const groups: (readonly string[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const work = (items: readonly string[]) =>
    new Promise<readonly string[]>((resolve, reject) => {
      groups.push(items);
      ends.push((error) => (error ? reject(error) : resolve(items.map((item) => `${item}!`))));
    });
  const end = async (error?: Error): Promise<void> => {
    ends.shift()?.(error);
    await turn();
    await turn();
  };
  return { together: new Together(work, max, keyOf), groups, end };
}

const turn = (): Promise<unknown> => new Promise(setImmediate);

describe('work that is done together', () => {
  it('is what comes in one turn; what comes meanwhile goes with the next, in order, each with its own result', async () => {
    const { together, groups, end } = slow();
    const all = ['a', 'b'].map((item) => together.run(item));
    expect(groups).toEqual([]);
    await turn();
    expect(groups).toEqual([['a', 'b']]);
    all.push(together.run('c'));
    await end();
    const last = together.run('d');
    expect(groups).toEqual([['a', 'b'], ['c']]);
    await end();
    expect(await Promise.all(all)).toEqual(['a!', 'b!', 'c!']);
    await end();
    expect([groups.at(-1), await last]).toEqual([['d'], 'd!']);
  });

  it('is of so many at most, and never of two that are the same', async () => {
    const { together, groups, end } = slow(2, (item) => item[0]);
    for (const item of ['a1', 'a2', 'b', 'c', 'd']) void together.run(item);
    await turn();
    for (let n = 0; n < 3; n += 1) await end();
    expect(groups).toEqual([['a1'], ['a2', 'b'], ['c', 'd']]);
  });

  it('fails for all of them and for nobody else', async () => {
    const { together, end } = slow();
    const first = together.run('a');
    await turn();
    const both = Promise.allSettled([together.run('b'), together.run('c')]);
    await end();
    const later = both.then(() => together.run('d'));
    await end(new Error('away'));
    await end();
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([await first, await later]).toEqual(['a!', 'd!']);
  });
});
