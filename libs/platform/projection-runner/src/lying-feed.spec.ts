import type { RecordedEvent } from '@core/contracts/event';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import type { FeedBatch } from '@core/contracts/feed';
import fc from 'fast-check';
import { expectEqualToTheLog, quick, started, stopAll } from './runners.fixture.ts';
import { accounts, anyFeed, batchOf, MemorySnapshots, seenEvents, TalkingLog, type Seen } from './toys.fixture.ts';

const [ada = ''] = accounts;

afterEach(stopAll);

describe('a feed beyond the end of the log', () => {
  it('is an alarm; what was told and what is told after it goes on', async () => {
    await fc.assert(
      fc.asyncProperty(anyFeed, fc.array(fc.integer({ min: 2, max: 2 ** 40 })), async ({ sizes, told }, leaps) => {
        const log = new TalkingLog();
        const alarm = { raise: jest.fn() };
        const runner = await started(log, { alarm, onFailure: (error) => alarm.raise(String(error)) });
        const batches: FeedBatch[] = [];
        for (const size of sizes) batches.push(await log.commitSome(size));
        const head = await log.head();
        const beyond = leaps.map((leap) => movedBy(batches[0] ?? batchOf([]), head + leap));
        for (const index of told) {
          for (const batch of beyond.splice(0, 1)) runner.offer(batch);
          runner.offer(batches[index] ?? batchOf([]));
        }
        for (const batch of beyond) runner.offer(batch);
        expect(await runner.reached(leaps.length > 0 || told.length > 0 ? 1 : 0, 1_000)).toBe(true);
        await runner.check();
        await expectEqualToTheLog(runner, log);
        expect(alarm.raise.mock.calls.map(([why]) => why)).toEqual(leaps.map(() => 'beyond-the-log'));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a feed that tells what never happened', () => {
  /** As somebody else would write it to the feed: the next positions, about ada, with what her books never saw. */
  const forged = (head: number, count: number, data: object = {}): FeedBatch =>
    batchOf(
      recorded(
        Array.from({ length: count }, (_, n) => anEvent('EquityMarked', {}, { subject: ada, id: exampleId(n) })),
      ).map((event, n) => Object.assign(event, { position: head + 1 + n, version: 9, ...data })),
    );
  const alarmed = () => {
    const raise = jest.fn();
    return { alarm: { raise }, why: () => raise.mock.calls.map(([why]) => why) };
  };

  it('is believed no longer than until the log is asked, and everything is as of the log again', async () => {
    await fc.assert(
      fc.asyncProperty(anyFeed, fc.nat({ max: 11 }), fc.integer({ min: 1, max: 6 }), async (feed, when, count) => {
        const log = new TalkingLog();
        const { alarm, why } = alarmed();
        const runner = await started(log, { alarm, onFailure: (error) => alarm.raise(String(error)) });
        for (const [index, size] of feed.sizes.entries()) {
          if (index === when % feed.sizes.length) {
            runner.offer(forged(await log.head(), count));
            await runner.reached((await log.head()) + count, 1_000);
          }
          runner.offer(await log.commitSome(size));
        }
        await runner.check();
        await expectEqualToTheLog(runner, log);
        expect(why()).toEqual(['not-in-the-log']);
      }),
      { numRuns: 50 },
    );
  });

  it('is found out at once by the word of the ledger about the same positions', async () => {
    const log = new TalkingLog();
    const { alarm, why } = alarmed();
    const runner = await started(log, { alarm });
    runner.offer(forged(0, 1));
    await runner.reached(1, 1_000);
    runner.offer(await log.commitSome(3));
    expect(await runner.reached(3, 1_000)).toBe(true);
    await expectEqualToTheLog(runner, log);
    expect(why()).toEqual(['not-in-the-log']);
  });

  it('ends nothing where it cannot even be folded or spelled', async () => {
    const log = new TalkingLog();
    const { alarm, why } = alarmed();
    const brittle = {
      ...seenEvents,
      evolve(state: Seen, event: RecordedEvent) {
        if (event.version === 9) throw new Error('impossible history');
        seenEvents.evolve(state, event);
      },
    };
    const runner = await started(log, { alarm, projections: [brittle], limits: { ...quick, distrustMs: 0 } });
    const bottomless: unknown[] = [];
    bottomless.push(bottomless);
    runner.offer(forged(0, 2, { data: bottomless }));
    runner.offer(forged(0, 2));
    await runner.check();
    runner.offer(await log.commitSome(2));
    expect(await runner.reached(2, 1_000)).toBe(true);
    expect(runner.state(brittle, ada)).toEqual(await log.fold(seenEvents, ada));
    expect(why()).toEqual(['unreadable', 'not-in-the-log']);
  });

  it('is not listened to for a while: it says only that there is something to read', async () => {
    const log = new TalkingLog();
    const { alarm, why } = alarmed();
    const runner = await started(log, { alarm });
    for (let lies = 0; lies < 5; lies += 1) {
      runner.offer(forged(await log.head(), 1));
      await runner.check();
    }
    expect(why()).toEqual(['not-in-the-log']);
    runner.offer(await log.commitSome(3));
    expect(await runner.reached(3, 1_000)).toBe(true);
    await expectEqualToTheLog(runner, log);
  });

  it('is never kept in a snapshot', async () => {
    const log = new TalkingLog();
    const snapshots = new MemorySnapshots();
    await log.commitSome(4);
    const runner = await started(log, { snapshots });
    await runner.snapshot();
    runner.offer(await log.commitSome(3));
    runner.offer(forged(7, 2));
    await runner.reached(9, 1_000);
    await expect(runner.snapshot()).rejects.toThrow('does not stand in the log');
    await runner.check();
    await expectEqualToTheLog(runner, log);
    await runner.snapshot();
    runner.offer(forged(7, 1));
    await runner.stop();
    await expectEqualToTheLog(await started(log, { snapshots }), log);
    expect([...snapshots.checkpoints.values()]).toEqual([7, 7]);
  });

  it('is not kept either when the process ends before anybody asked', async () => {
    const log = new TalkingLog();
    const snapshots = new MemorySnapshots();
    const runner = await started(log, { snapshots });
    runner.offer(await log.commitSome(3));
    runner.offer(forged(3, 2));
    await runner.reached(5, 1_000);
    await runner.stop();
    expect([...snapshots.states.values()]).toEqual([]);
    await expectEqualToTheLog(await started(log, { snapshots }), log);
  });

  it('is undone before its listeners hear what truly happened, and they are told that it is', async () => {
    const log = new TalkingLog();
    const runner = await started(log);
    const heard: (number | string)[] = [];
    runner.onEach(({ position, version }) => heard.push(version === 9 ? `lie ${position}` : position));
    runner.onReplaced(() => heard.push('rewound'));
    runner.offer(await log.commitSome(2));
    await runner.check();
    runner.offer(forged(2, 2));
    await runner.reached(4, 1_000);
    runner.offer(await log.commitSome(3));
    await runner.check();
    expect(heard).toEqual([1, 2, 'lie 3', 'lie 4', 'rewound', 3, 4, 5]);
  });
});

const movedBy = ({ events }: FeedBatch, by: number): FeedBatch =>
  batchOf(events.map((event) => ({ ...event, position: event.position + by })));
