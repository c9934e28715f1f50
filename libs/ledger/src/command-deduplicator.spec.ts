import type { Answer, Command } from '@core/contracts/command';
import { commandContent } from '@core/contracts/command-content';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { exampleId } from '@core/contracts/examples.fixture';
import type { Uuid } from '@core/contracts/primitives';
import { refusal } from '@core/contracts/refusal';
import type { KeptAnswer } from '@core/event-log/event-log';
import fc from 'fast-check';
import { CommandDeduplicator } from './command-deduplicator.ts';

const answer = (position: number): Answer => ({ ok: true, position, eventIds: [] });
const command = (n: number, note = 'maintenance') => aCommand('HaltTrading', { note }, { commandid: exampleId(n) });
const reused: Answer = { ok: false, refusal: refusal('command-id-reused') };
const passing: Answer = { ok: false, refusal: refusal('instruments-unavailable') };

describe('command deduplicator', () => {
  const questions: (readonly Uuid[])[] = [];
  const stored = new Map<Uuid, KeptAnswer>([
    [exampleId(1), { answer: answer(7), content: commandContent(command(1)) }],
    [exampleId(4), { answer: answer(8), content: null }],
  ]);
  const log = {
    answers: async (commands: readonly Command[]) => {
      questions.push(commands.map(({ commandid }) => commandid));
      return stored;
    },
    mayHaveForgotten: () => false,
    async *answered() {
      yield [...stored.keys()];
    },
  };
  beforeEach(() => questions.splice(0));

  it('gives a repeated command the answer of the first, while that is still being found and after', async () => {
    const deduplicator = new CommandDeduplicator(log, 10);
    let worked = 0;
    const work = async () => answer((worked += 1));
    const both = [deduplicator.once(command(2), work), deduplicator.once(command(2), work)];
    expect(await Promise.all(both)).toEqual([answer(1), answer(1)]);
    expect(await deduplicator.once(command(2), work)).toEqual(answer(1));
  });

  it('keeps no refusal that passes: whoever asks meanwhile hears it, and whoever asks after it is asked for anew', async () => {
    const deduplicator = new CommandDeduplicator(log, 10);
    const meanwhile = [1, 2].map((n) => deduplicator.once(command(2), async () => (n === 1 ? passing : answer(n))));
    expect(await Promise.all(meanwhile)).toEqual([passing, passing]);
    expect(await deduplicator.once(command(2), async () => answer(3))).toEqual(answer(3));
    expect(await deduplicator.once(command(2), async () => answer(4))).toEqual(answer(3));
  });

  it('keeps a refusal that stands', async () => {
    const deduplicator = new CommandDeduplicator(log, 10);
    const stands: Answer = { ok: false, refusal: refusal('volume-below-minimum') };
    expect(await deduplicator.once(command(2), async () => stands)).toEqual(stands);
    expect(await deduplicator.once(command(2), async () => answer(3))).toEqual(stands);
  });

  it('refuses an id that stands for another command, and not one whose command was refused in passing', async () => {
    const deduplicator = new CommandDeduplicator(log, 10);
    const answers = [
      deduplicator.once(command(2), async () => passing),
      deduplicator.once(command(2, 'another'), async () => answer(3)),
      deduplicator.once(command(2), async () => answer(4)),
    ];
    expect(await Promise.all(answers)).toEqual([passing, answer(3), passing]);
    expect(await deduplicator.once(command(2), async () => answer(5))).toEqual(reused);
    expect(await deduplicator.once(command(2, 'another'), async () => answer(6))).toEqual(answer(3));
  });

  it('tells by the log what an id stands for, and keeps no refusal of another command for its answer', async () => {
    const deduplicator = new CommandDeduplicator(log, 10);
    const ask = (note?: string) =>
      deduplicator.once(command(1, note), async () => (await deduplicator.stored(command(1, note))) ?? answer(9));
    expect(await Promise.all([ask('another'), ask()])).toEqual([reused, answer(7)]);
    expect(await Promise.all([ask('another'), ask()])).toEqual([reused, answer(7)]);
  });

  it('takes an answer that was kept without its content for the answer of whoever asks', async () => {
    expect(await new CommandDeduplicator(log, 10).stored(command(4))).toEqual(answer(8));
  });

  it('does not keep a failure for an answer', async () => {
    const deduplicator = new CommandDeduplicator(log, 10);
    await expect(deduplicator.once(command(2), () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await deduplicator.once(command(2), async () => answer(3))).toEqual(answer(3));
  });

  it('forgets the oldest', async () => {
    const deduplicator = new CommandDeduplicator(log, 2);
    for (const n of [1, 2, 3]) await deduplicator.once(command(n), async () => answer(n));
    expect(await deduplicator.once(command(3), async () => answer(30))).toEqual(answer(3));
    expect(await deduplicator.once(command(1), async () => answer(10))).toEqual(answer(10));
  });

  it('asks the log for all that come at once', async () => {
    const deduplicator = new CommandDeduplicator(log, 10);
    const asked = [1, 2, 3].map((n) => deduplicator.stored(command(n)));
    expect(await Promise.all(asked)).toEqual([answer(7), null, null]);
    expect(questions).toEqual([[exampleId(1), exampleId(2), exampleId(3)]]);
  });

  it('asks the log, once it has recalled which ids that has, for those and for no new one', async () => {
    const deduplicator = new CommandDeduplicator(log, 10);
    await deduplicator.recall(1_024);
    expect(await Promise.all([1, 2, 4].map((n) => deduplicator.stored(command(n))))).toEqual([
      ...[answer(7), null, answer(8)],
    ]);
    expect(questions.flat()).toEqual([exampleId(1), exampleId(4)]);
  });

  it('asks the log for one that was under way while it recalled', async () => {
    const kept = new Map<Uuid, KeptAnswer>();
    const growing = { ...log, answers: async () => kept };
    const deduplicator = new CommandDeduplicator(growing, 1);
    let end: (given: Answer) => void = () => undefined;
    const decided = new Promise<Answer>((resolve) => (end = resolve));
    const first = deduplicator.once(command(2), async () => (await deduplicator.stored(command(2))) ?? decided);
    await deduplicator.recall(1_024);
    kept.set(exampleId(2), { answer: answer(2), content: commandContent(command(2)) });
    end(answer(2));
    await first;
    await deduplicator.once(command(3), async () => answer(3));
    expect(await deduplicator.stored(command(2))).toEqual(answer(2));
  });

  it('never takes a command for new that the log may have answered, however ids come, are read and are forgotten', async () => {
    const ids = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(ids, ids, fc.nat(40), fc.integer({ min: 1, max: 8 }), async (before, now, recalledAt, bytes) => {
        const kept = new Map<Uuid, KeptAnswer>();
        const answerOf = (n: number) => ({ answer: answer(n), content: commandContent(command(n)) });
        for (const n of before) kept.set(exampleId(n), answerOf(n));
        const growing = {
          answers: async () => new Map(kept),
          mayHaveForgotten: () => false,
          async *answered() {
            for (const id of [...kept.keys()].toSorted()) yield [id];
          },
        };
        const deduplicator = new CommandDeduplicator(growing, 2);
        let worked: number[] = [];
        let recalling: Promise<void> | undefined;
        for (const [index, n] of now.entries()) {
          if (index === recalledAt) recalling = deduplicator.recall(bytes);
          const isKnown = kept.has(exampleId(n));
          worked = [];
          const given = await deduplicator.once(command(n), async () => {
            const known = await deduplicator.stored(command(n));
            if (known) return known;
            worked.push(n);
            kept.set(exampleId(n), answerOf(n));
            return answer(n);
          });
          expect([given, worked]).toEqual([answer(n), isKnown ? [] : [n]]);
        }
        await recalling;
      }),
    );
  });

  it('passes a failed look-up on to whoever asked, and asks again for the next', async () => {
    let failing = true;
    const flaky = {
      ...log,
      answers: async () => {
        if (failing) throw new Error('away');
        return stored;
      },
    };
    const deduplicator = new CommandDeduplicator(flaky, 10);
    await expect(deduplicator.stored(command(1))).rejects.toThrow('away');
    failing = false;
    expect(await deduplicator.stored(command(1))).toEqual(answer(7));
  });
});
