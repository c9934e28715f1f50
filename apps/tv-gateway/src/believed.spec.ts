import { Believed } from './believed.ts';

const LIFETIME_MS = 1_000;

/** A store whose questions are answered when it is told to. */
function aStore() {
  const questions: {
    readonly keys: readonly string[];
    answer: (some?: Record<string, number>) => void;
    fail: () => void;
  }[] = [];
  const put = (keys: readonly string[]) =>
    new Promise<ReadonlyMap<string, number>>((resolve, reject) => {
      const answer = (some?: Record<string, number>): void => resolve(new Map(Object.entries(some ?? all(keys))));
      questions.push({ keys, answer, fail: () => reject(new Error('away')) });
    });
  return { questions, put, asked: () => questions.map(({ keys }) => keys) };
}
/** Until what is asked together has been asked, and its answers have been heard. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
}
const all = (keys: readonly string[]): Record<string, number> => Object.fromEntries(keys.map((key) => [key, 1]));

describe('Believed', () => {
  let store: ReturnType<typeof aStore>;
  let believed: Believed<string, number>;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    store = aStore();
    believed = new Believed({ lifetimeMs: LIFETIME_MS, max: 100 }, store.put);
  });
  afterEach(() => void jest.useRealTimers());

  /** Asked for together, now. */
  async function know(...keys: string[]): Promise<void> {
    const asked = Promise.all(keys.map((key) => believed.ask(key)));
    await settle();
    store.questions.at(-1)?.answer();
    await asked;
  }

  it('is asked for in one question by all who ask at once, and each hears its own', async () => {
    const asked = ['a', 'b', 'a', 'none'].map((key) => believed.ask(key));
    await settle();
    store.questions[0]?.answer({ a: 1, b: 2 });
    expect(await Promise.all(asked)).toEqual([1, 2, 1, null]);
    expect(store.asked()).toEqual([['a', 'b', 'none']]);
    expect(['a', 'b', 'none'].map((key) => believed.remembered(key))).toEqual([1, 2, null]);
  });

  it('is asked for again in its second half, together with all that are used, and nobody waits', async () => {
    await know('early', 'unused');
    jest.advanceTimersByTime(LIFETIME_MS / 5);
    await know('later');
    jest.advanceTimersByTime(LIFETIME_MS * 0.3 - 1);
    await know('fresh');
    for (const key of ['early', 'later', 'fresh']) believed.remembered(key);
    expect(store.questions).toHaveLength(3);
    jest.advanceTimersByTime(1);
    for (let n = 0; n < 3; n += 1) expect(believed.remembered('early')).toBe(1);
    expect(store.asked().slice(3)).toEqual([['early', 'later']]);
    store.questions[3]?.answer({ early: 2 });
    await settle();
    expect([believed.remembered('early'), believed.remembered('later')]).toEqual([2, null]);
    jest.advanceTimersByTime(LIFETIME_MS / 2 - 1);
    believed.remembered('early');
    expect(store.questions).toHaveLength(4);
  });

  it('that could not be asked for again is believed to its end, and no longer', async () => {
    await know('a');
    jest.advanceTimersByTime(LIFETIME_MS / 2);
    believed.remembered('a');
    store.questions[1]?.fail();
    await settle();
    jest.advanceTimersByTime(LIFETIME_MS / 2 - 1);
    expect(believed.remembered('a')).toBe(1);
    jest.advanceTimersByTime(1);
    expect(believed.remembered('a')).toBeNull();
    const asked = expect(believed.ask('a')).rejects.toThrow('away');
    await settle();
    expect(store.questions).toHaveLength(3);
    store.questions[2]?.fail();
    await asked;
  });

  it('is held without being looked up, and is no other than what is looked up, whatever happens', async () => {
    const small = new Believed({ lifetimeMs: LIFETIME_MS, max: 2 }, store.put);
    let value = 0;
    const know = async (key: string): Promise<void> => {
      const asked = small.ask(key);
      await settle();
      store.questions.at(-1)?.answer({ [key]: (value += 1) });
      await asked;
    };
    const lose = async (): Promise<void> => {
      const asked = small.ask('a');
      await settle();
      store.questions.at(-1)?.answer({});
      await asked;
    };
    const pass = async (ms: number): Promise<void> => void jest.advanceTimersByTime(ms);
    const held = small.memoryOf('a');
    const happenings = [
      ...[() => know('a'), () => pass(LIFETIME_MS / 2), () => know('a'), async () => small.forget()],
      ...[() => know('a'), () => know('b'), () => know('c'), () => know('a'), () => lose(), () => know('a')],
      ...[async () => small.forget((each) => each > 0), () => know('a'), () => pass(LIFETIME_MS)],
    ];
    const seen: (number | null)[] = [];
    for (const happen of happenings) {
      await happen();
      expect(held()).toBe(small.remembered('a'));
      seen.push(held());
    }
    expect(seen).toEqual([1, 1, 2, null, 3, 3, null, 6, null, 7, null, 8, null]);
  });

  it('does not outlive being forgotten, whenever it was read', async () => {
    await know('a', 'b');
    jest.advanceTimersByTime(LIFETIME_MS / 2);
    for (const key of ['a', 'b']) believed.remembered(key);
    believed.forget((value) => value === 1);
    store.questions[1]?.answer();
    await settle();
    expect(['a', 'b'].map((key) => believed.remembered(key))).toEqual([null, null]);
  });
});
