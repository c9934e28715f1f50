import type { Answer } from '@core/contracts/command';
import { exampleId } from '@core/contracts/examples.fixture';
import type { Uuid } from '@core/contracts/primitives';
import { CommandDeduplicator } from './command-deduplicator.ts';

const answer = (position: number): Answer => ({ ok: true, position, eventIds: [] });

describe('command deduplicator', () => {
  const questions: (readonly Uuid[])[] = [];
  const stored = new Map([[exampleId(1), answer(7)]]);
  const log = {
    answers: async (ids: readonly Uuid[]) => {
      questions.push(ids);
      return stored;
    },
  };
  beforeEach(() => questions.splice(0));

  it('gives a repeated command the answer of the first, while that is still being found and after', async () => {
    const deduplicator = new CommandDeduplicator(log, 10);
    let worked = 0;
    const work = async () => answer((worked += 1));
    const both = [deduplicator.once(exampleId(2), work), deduplicator.once(exampleId(2), work)];
    expect(await Promise.all(both)).toEqual([answer(1), answer(1)]);
    expect(await deduplicator.once(exampleId(2), work)).toEqual(answer(1));
  });

  it('does not keep a failure for an answer', async () => {
    const deduplicator = new CommandDeduplicator(log, 10);
    await expect(deduplicator.once(exampleId(2), () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await deduplicator.once(exampleId(2), async () => answer(3))).toEqual(answer(3));
  });

  it('forgets the oldest', async () => {
    const deduplicator = new CommandDeduplicator(log, 2);
    for (const n of [1, 2, 3]) await deduplicator.once(exampleId(n), async () => answer(n));
    expect(await deduplicator.once(exampleId(3), async () => answer(30))).toEqual(answer(3));
    expect(await deduplicator.once(exampleId(1), async () => answer(10))).toEqual(answer(10));
  });

  it('asks the log for all that came meanwhile at once', async () => {
    const deduplicator = new CommandDeduplicator(log, 10);
    const asked = [1, 2, 3].map((n) => deduplicator.stored(exampleId(n)));
    expect(await Promise.all(asked)).toEqual([answer(7), null, null]);
    expect(questions).toEqual([[exampleId(1)], [exampleId(2), exampleId(3)]]);
  });

  it('passes a failed look-up on to whoever asked, and asks again for the next', async () => {
    let failing = true;
    const flaky = {
      answers: async () => {
        if (failing) throw new Error('away');
        return stored;
      },
    };
    const deduplicator = new CommandDeduplicator(flaky, 10);
    await expect(deduplicator.stored(exampleId(1))).rejects.toThrow('away');
    failing = false;
    expect(await deduplicator.stored(exampleId(1))).toEqual(answer(7));
  });
});
