import type { Answer } from '@core/contracts/command';
import { aCommand, exampleNow } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { anInstrument } from '@core/contracts/market/example.fixture';
import { MemoryEventLog } from '@core/event-log/memory-event-log';
import { Aggregates } from './aggregates.ts';
import { CommandDeduplicator } from './command-deduplicator.ts';
import { CommandIntake, LedgerBusy } from './command-intake.ts';
import { HandedInMessages } from './handed-in.ts';
import { ImportedPast } from './imported-past.ts';
import { Instruments } from './instruments.ts';
import { WriteQueue } from './write-queue.ts';

const answer: Answer = { ok: true, position: 1, eventIds: [] };
const aHalt = (n: number) => aCommand('HaltTrading', {}, { commandid: exampleId(n) });

describe('command intake', () => {
  let log: MemoryEventLog;
  let queue: WriteQueue;
  let asked: number;
  afterEach(() => queue.close());

  const intake = (waitingCommandsMax: number) => {
    const askSnapshot = async () => {
      asked += 1;
      return { venue: 'demo', instruments: [anInstrument()], quotes: [] };
    };
    const instruments = new Instruments(askSnapshot, 1_000);
    return new CommandIntake(
      queue,
      new Aggregates(log, 10),
      new CommandDeduplicator(log, 10),
      instruments,
      new HandedInMessages(log, () => ({ now: exampleNow, isRegistered: () => true })),
      new ImportedPast(log),
      waitingCommandsMax,
    );
  };
  /** Answers whatever is queued, until the queue is closed. */
  const serve = async () => {
    for (let work = await queue.take(); work; work = await queue.take()) {
      for (const { answered } of work.commands) answered(answer);
    }
  };
  beforeEach(() => {
    asked = 0;
    log = new MemoryEventLog();
    queue = new WriteQueue({ batchEventsMax: 10, batchBytesMax: 1_000, batchCommandsMax: 10, waitingEventsMax: 10 });
  });

  it('lets in as many commands as may be under way, and the next when one of them is answered', async () => {
    const commands = intake(2);
    const under = [aHalt(1), aHalt(2)].map((command) => commands.submit(command));
    await expect(commands.submit(aHalt(3))).rejects.toThrow(LedgerBusy);
    void serve();
    expect(await Promise.all(under)).toEqual([answer, answer]);
    expect(await commands.submit(aHalt(3))).toEqual(answer);
  });

  it('does not count a command that is already under way', async () => {
    const commands = intake(1);
    const both = [aHalt(1), aHalt(1)].map((command) => commands.submit(command));
    void serve();
    expect(await Promise.all(both)).toEqual([answer, answer]);
  });

  it('asks what a venue trades before the first command for an account there, and once', async () => {
    const batch = { answers: [], quarantined: [], checkpoint: null, recordedtime: '2026-01-05T10:00:00.000000Z' };
    await log.append({ ...batch, events: [anEvent('AccountRegistered')] });
    const commands = intake(3);
    void serve();
    await Promise.all([1, 2].map((n) => commands.submit(aHalt(n))));
    await commands.submit(aHalt(3));
    expect(asked).toBe(1);
  });
});
