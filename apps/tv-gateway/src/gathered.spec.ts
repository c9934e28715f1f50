import { Gathered } from './gathered.ts';

/** A store whose questions are answered when it is told to. */
function aStore() {
  const questions: { readonly keys: readonly string[]; answer: () => void; fail: () => void }[] = [];
  const gathered = new Gathered<string, string>(
    (keys) =>
      new Promise((resolve, reject) => {
        const answer = (): void => resolve(new Map(keys.map((key) => [key, key.toUpperCase()])));
        questions.push({ keys, answer, fail: () => reject(new Error('away')) });
      }),
  );
  return { gathered, questions, asked: () => questions.map(({ keys }) => keys) };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Gathered', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  it('asks once for what is asked for in one turn, by however many callbacks of it', async () => {
    const { gathered, questions, asked } = aStore();
    const answers: Promise<string | null>[] = [];
    for (const key of ['a', 'b', 'a'])
      await new Promise<void>((resolve) =>
        process.nextTick(() => {
          answers.push(gathered.ask(key));
          queueMicrotask(resolve);
        }),
      );
    await turn();
    await turn();
    questions[0]?.answer();
    expect(await Promise.all(answers)).toEqual(['A', 'B', 'A']);
    expect(asked()).toEqual([['a', 'b']]);
  });

  it('asks once more for all that is asked for while a question is out, and never answers with the one before', async () => {
    const { gathered, questions, asked } = aStore();
    const first = gathered.ask('a');
    await turn();
    await turn();
    const later: Promise<string | null>[] = [];
    for (const key of ['a', 'b', 'c']) {
      later.push(gathered.ask(key));
      await turn();
    }
    expect(asked()).toEqual([['a']]);
    questions[0]?.answer();
    expect(await first).toBe('A');
    await turn();
    questions[1]?.answer();
    expect(await Promise.all(later)).toEqual(['A', 'B', 'C']);
    expect(asked()).toEqual([['a'], ['a', 'b', 'c']]);
  });

  it('fails those whose question failed, and nobody else', async () => {
    const { gathered, questions } = aStore();
    const first = expect(gathered.ask('a')).rejects.toThrow('away');
    await turn();
    await turn();
    const second = gathered.ask('a');
    questions[0]?.fail();
    await first;
    await turn();
    questions[1]?.answer();
    expect(await second).toBe('A');
  });

  it('waits for a question that hangs for a moment only', async () => {
    const { gathered, questions } = aStore();
    void gathered.ask('hangs');
    await turn();
    await turn();
    const later = gathered.ask('a');
    await turn();
    expect(questions).toHaveLength(1);
    jest.runAllTimers();
    while (questions.length < 2) await turn();
    questions[1]?.answer();
    expect(await later).toBe('A');
  });
});
