import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { MemoryEventLog } from '@core/event-log/memory-event-log';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountStrategies } from '@core/projections/strategies';
import { newId } from '@core/service/clock';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { exampleSignal } from '@core/contracts/command-examples.fixture';
import fc from 'fast-check';
import { UnsettledSignals } from './unsettled-signals.ts';

const WORDS = ['SignalReceived', 'SignalExecuted', 'SignalRefused', 'SignalOutcomeUnknown', 'SignalHalfDone'] as const;
type Word = readonly [(typeof WORDS)[number], number];
const told = fc.array(fc.tuple(fc.constantFrom(...WORDS), fc.nat({ max: 4 })), { minLength: 1, maxLength: 20 });

/** Nothing is said of a signal that is settled. */
function legal(words: readonly Word[]): readonly Word[] {
  const ended = new Set<number>();
  return words.filter(([type, n]) => {
    const isLate = ended.has(n);
    if (type === 'SignalExecuted' || type === 'SignalRefused') ended.add(n);
    return !isLate;
  });
}

const wordOf = ([type, n]: Word) => {
  const signalId = exampleId(0x500 + n);
  const envelope = { id: newId() };
  if (type === 'SignalReceived') return anEvent(type, { signal: { ...exampleSignal, signalId } }, envelope);
  return anEvent(type, { signalId }, envelope);
};

describe('signals without an outcome', () => {
  it('are those that the projection has none of, whatever was said before and since', async () => {
    const body = async (before: readonly Word[], since: readonly Word[]) => {
      const words = legal([...before, ...since]).map(wordOf);
      const early = words.splice(0, legal(before).length);
      const log = new MemoryEventLog();
      const ledger = new MemoryLedger({ log });
      const runner = new ProjectionRunner({ log, projections: [accountStrategies] });
      const unsettled = new UnsettledSignals(runner);
      const found = () => [...unsettled.of(exampleAccount)].map(({ id }) => id).toSorted();
      const expected = () =>
        Object.values(runner.state(accountStrategies, exampleAccount).signals)
          .filter(({ status }) => status !== 'executed' && status !== 'refused')
          .map(({ id }) => id)
          .toSorted();
      expect(found()).toEqual([]);
      await ledger.record(...early);
      await runner.start();
      ledger.listen((batch) => runner.offer(batch));
      expect(found()).toEqual(expected());
      for (const word of words) {
        await ledger.record(word);
        await runner.reached(await log.head(), 1_000);
        expect(found()).toEqual(expected());
      }
      unsettled.stop();
      await runner.stop();
      await ledger.end();
    };
    await fc.assert(fc.asyncProperty(told, told, body), { numRuns: 25 });
  });
});
