import type { Answer } from '@core/contracts/command';
import type { Uuid } from '@core/contracts/primitives';
import { present } from '@core/kernel/present';
import { newId } from '@core/service/clock';
import fc from 'fast-check';
import { aBatch, anEquityMark, type LogUnderTest } from './event-log.contract.ts';

/** All of the contract's events are recorded before it. */
const ALL = '2026-02-01T00:00:00.000000Z';
const OLD = { ids: ALL, answers: ALL, cases: ALL };

type Step = readonly number[] | 'forget' | 'restart';
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }) },
    { weight: 1, arbitrary: fc.constantFrom<Step>('forget', 'restart') },
  ),
  { maxLength: 30 },
);

/** What is forgotten beside the log is missed by nobody who asks whether it was there. */
export function describeForgetting(name: string, runs: number, open: () => Promise<LogUnderTest>): void {
  describe(`${name} event log, forgetting`, () => {
    it('keeps every fact once, however often, how late and after which restarts it comes again', async () => {
      const log = await open();
      try {
        await fc.assert(
          fc.asyncProperty(steps, async (plan) => {
            let writer = await log.writer();
            const account = newId();
            const facts = Array.from({ length: 10 }, (_, n) => anEquityMark(n < 8 ? account : newId()));
            const places = new Map<Uuid, number>();
            for (const step of plan) {
              if (step === 'restart') writer = await log.writer();
              else if (step === 'forget') await writer.forget(OLD);
              else {
                const sent = step.map((n) => present(facts[n], 'one of ten'));
                const { recorded, known, conflicting } = await writer.append(aBatch(sent));
                expect(recorded.filter(({ id }) => places.has(id))).toEqual([]);
                for (const { id, position } of recorded) places.set(id, position);
                expect(known.filter(({ id, position }) => places.get(id) !== position)).toEqual([]);
                expect(conflicting).toEqual([]);
                // Whoever sent it asks whether the confirmation is true.
                const ids = new Set(sent.map(({ id }) => id));
                expect(await log.reader().holding([...ids])).toEqual(ids);
              }
            }
          }),
          { numRuns: runs },
        );
      } finally {
        await log.close();
      }
    });

    it('sets aside what comes under a forgotten id with other content', async () => {
      const log = await open();
      try {
        const writer = await log.writer();
        const one = anEquityMark();
        await writer.append(aBatch([one, anEquityMark()]));
        expect((await writer.forget(OLD)).ids).toBe(2);
        expect(await log.reader().holding([one.id])).toEqual(new Set());
        const other = { ...one, schemaversion: 1, data: { ...one.data, equity: '1' } } as typeof one;
        expect((await writer.append(aBatch([other]))).conflicting).toEqual([other]);
      } finally {
        await log.close();
      }
    });

    it('looks up what led to an account in another log, also after a restart', async () => {
      const log = await open();
      try {
        const writer = await log.writer();
        const [commandid, answered, account] = [newId(), newId(), newId()];
        const led = [commandid, answered].map((causationid) => ({ ...anEquityMark(account), causationid }));
        const answer: Answer = { ok: true, position: 0, eventIds: [] };
        const answers = [{ commandid: answered, content: newId(), eventIds: [], answer }];
        await writer.append(aBatch(led, { answers }));
        expect(await writer.answeredOf([commandid, answered, newId()])).toEqual(new Set([answered]));
        await writer.lookUpCommandsOf(account);
        for (const each of [writer, await log.writer()])
          expect([commandid, answered].map((id) => each.mayHaveForgotten(id))).toEqual([true, false]);
      } finally {
        await log.close();
      }
    });

    it('forgets nothing that is younger', async () => {
      const log = await open();
      try {
        const writer = await log.writer();
        await writer.append(aBatch([anEquityMark()]));
        const before = '2026-01-05T09:00:00.000000Z';
        expect(await writer.forget({ ids: before, answers: before, cases: before })).toEqual({
          ...{ ids: 0, answers: 0, cases: 0 },
        });
      } finally {
        await log.close();
      }
    });
  });
}
