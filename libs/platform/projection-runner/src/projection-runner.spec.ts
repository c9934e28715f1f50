import type { RecordedEvent } from '@core/contracts/event';
import { exampleId } from '@core/contracts/examples.fixture';
import type { FeedBatch } from '@core/contracts/feed';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import fc from 'fast-check';
import { LogContradiction } from './log-follower.ts';
import { noMetrics } from './metrics.ts';
import { expectEqualToTheLog, newRunner, quick, started, stopAll, telling } from './runners.fixture.ts';
import { accounts, anyFeed, batchOf, latest, seenEvents, TalkingLog } from './toys.fixture.ts';

const [ada = '', bob = ''] = accounts;

afterEach(stopAll);

describe('projection runner', () => {
  it('starts with what the log holds', async () => {
    const log = new TalkingLog();
    await log.commitSome(7);
    const runner = await started(log);
    expect(runner.ready).toBe(true);
    await expectEqualToTheLog(runner, log);
    expect([...runner.accounts()]).toEqual(accounts);
  });

  it('says how far it has read the log, until it is at its head', async () => {
    const log = new TalkingLog();
    await log.commitSome(7);
    const runner = newRunner(log);
    await expect(runner.requireRead()).rejects.toThrow(/^still reading the log: 0 % of \d+ events, .*no estimate yet$/);
    await runner.start();
    await runner.requireRead();
  });

  it('follows the feed', async () => {
    const log = new TalkingLog();
    const runner = await started(log);
    runner.offer(await log.commitSome(2));
    runner.offer(await log.commitSome(3));
    expect(await runner.reached(5, 1_000)).toBe(true);
    await expectEqualToTheLog(runner, log);
  });

  it('equals the fold of the log, whatever the feed loses, repeats or swaps', async () => {
    await fc.assert(
      fc.asyncProperty(anyFeed, async ({ sizes, told }) => {
        const log = new TalkingLog();
        const runner = await started(log);
        const batches: FeedBatch[] = [];
        for (const size of sizes) batches.push(await log.commitSome(size));
        for (const index of told) {
          runner.offer(batches[index] ?? batchOf([]));
          if (index % 3 === 0) await runner.reached(index, 1);
        }
        await runner.check();
        await expectEqualToTheLog(runner, log);
      }),
      { numRuns: 50 },
    );
  });

  it('equals the fold of the log also where batches arrive while it catches up', async () => {
    await fc.assert(
      fc.asyncProperty(anyFeed, async ({ sizes, told }) => {
        const log = new TalkingLog();
        const batches: FeedBatch[] = [];
        for (const size of sizes.slice(1)) batches.push(await log.commitSome(size));
        const runner = newRunner(slowly(log));
        const starting = runner.start();
        batches.push(await log.commitSome(sizes[0] ?? 1));
        for (const index of told) runner.offer(batches[index] ?? batchOf([]));
        await starting;
        await runner.check();
        await expectEqualToTheLog(runner, log);
      }),
      { numRuns: 50 },
    );
  });

  it('says for how long it has been behind the log, and nothing of it once it is at its head', async () => {
    const log = new TalkingLog();
    await log.commitSome(3);
    let lagMs = (): number => -1;
    const watched = { ...noMetrics, watch: (behindMs: () => number) => void (lagMs = behindMs) };
    const runner = newRunner(slowly(log), { metrics: watched });
    expect(lagMs()).toBe(0);
    const starting = runner.start();
    await new Promise(setImmediate);
    expect(lagMs()).toBeGreaterThan(0);
    await starting;
    expect(lagMs()).toBe(0);
  });

  it('lets no more wait than may, and takes from the log what it dropped', async () => {
    const log = new TalkingLog();
    const read: number[] = [];
    const runner = await started(telling(log, undefined, read), { limits: { ...quick, waitingMax: 3 } });
    const batches = [await log.commitSome(2), await log.commitSome(2)];
    batches.forEach((batch) => runner.offer(batch));
    expect(await runner.reached(4, 1_000)).toBe(true);
    await expectEqualToTheLog(runner, log);
    expect(read).toEqual([0, 0]);
  });

  it('notices a lost last message by asking the log', async () => {
    const log = new TalkingLog();
    const runner = await started(log, { limits: { ...quick, pollMs: 5 } });
    await log.commitSome(4);
    expect(await runner.reached(4, 5_000)).toBe(true);
    await expectEqualToTheLog(runner, log);
  });

  it('has the initial state of accounts nobody heard of, and no system account among the accounts', async () => {
    const log = new TalkingLog();
    await log.commit([SYSTEM_ACCOUNT]);
    const runner = await started(log);
    expect(runner.state(seenEvents, exampleId(0xbad))).toEqual(seenEvents.initial());
    expect([...runner.accounts()]).toEqual([]);
    expect(runner.state(seenEvents, SYSTEM_ACCOUNT).positions).toEqual([1]);
    const other = { ...seenEvents, name: 'other' };
    expect(() => runner.state(other, ada)).toThrow('does not fold other');
  });
});

describe('listeners', () => {
  it('hear what comes after the start, once and in order, the gap included', async () => {
    const log = new TalkingLog();
    await log.commitSome(3);
    const runner = newRunner(log);
    const heard: number[] = [];
    runner.onApplied((events) => heard.push(...events.map(({ position }) => position)));
    await runner.start();
    const lost = await log.commitSome(2);
    runner.offer(await log.commitSome(2));
    runner.offer(lost);
    await runner.reached(7, 1_000);
    expect(heard).toEqual([4, 5, 6, 7]);
  });

  it('see the states as of each event, or as of the batch', async () => {
    const log = new TalkingLog();
    const runner = await started(log);
    const each: (string | null)[] = [];
    const applied: (string | null)[] = [];
    const quiet = runner.onEach(({ subject }) => each.push(runner.state(latest, subject).id));
    runner.onApplied((events) => applied.push(...events.map(({ subject }) => runner.state(latest, subject).id)));
    const batch = await log.commit([ada, ada, bob]);
    runner.offer(batch);
    await runner.reached(3, 1_000);
    const [first, second, third] = batch.events.map(({ id }) => id);
    expect(each).toEqual([first, second, third]);
    expect(applied).toEqual([second, second, third]);

    quiet();
    runner.offer(await log.commit([ada]));
    await runner.reached(4, 1_000);
    expect(each).toHaveLength(3);
  });

  it('are told before those who wait for the position', async () => {
    const log = new TalkingLog();
    const runner = await started(log);
    const order: string[] = [];
    const waiting = runner.reached(1, 1_000).then(() => order.push('waiter'));
    runner.onApplied(() => order.push('listener'));
    runner.offer(await log.commit([ada]));
    await waiting;
    expect(order).toEqual(['listener', 'waiter']);
  });

  it('wait for their position, and no longer than they want to', async () => {
    const log = new TalkingLog();
    const runner = await started(log);
    const second = runner.reached(2, 60_000);
    runner.offer(await log.commit([ada]));
    await runner.reached(1, 1_000);
    expect(await Promise.race([second, Promise.resolve('waiting')])).toBe('waiting');
    runner.offer(await log.commit([ada]));
    expect(await second).toBe(true);
  });

  it('that wait in vain are told so', async () => {
    const runner = await started(new TalkingLog());
    expect(await runner.reached(1, 1)).toBe(false);
    expect(await runner.reached(0, 1)).toBe(true);
  });
});

describe('a failing log', () => {
  it('is asked again, a bounded number of times', async () => {
    const log = new TalkingLog();
    await log.commitSome(3);
    const runner = await started(failing(log, 2), { limits: { ...quick, retries: 2 } });
    await expectEqualToTheLog(runner, log);
    await expect(started(failing(log, 3), { limits: { ...quick, retries: 2 } })).rejects.toThrow('log is away');
  });

  it('is asked as often as it brings something in between', async () => {
    const log = new TalkingLog();
    await log.commitSome(6);
    const stuttering = Object.assign(Object.create(log) as TalkingLog, {
      async *read(after: number) {
        for await (const page of log.read(after)) yield page.slice(0, 1);
        throw new Error('log is away');
      },
    });
    const runner = newRunner(stuttering, { limits: { ...quick, retries: 1 } });
    await expect(runner.start()).rejects.toThrow('log is away');
    expect(runner.position).toBe(6);
  });

  it('ends following once it had started', async () => {
    const log = new TalkingLog();
    const broken = failing(log, 0);
    const { failed, onFailure } = failure();
    const runner = await started(broken, { limits: { ...quick, retries: 1 }, onFailure });
    await log.commitSome(1);
    broken.failures = 99;
    runner.offer(await log.commitSome(1));
    expect(await failed).toEqual(new Error('log is away'));
  });

  it('is not believed when it has a hole', async () => {
    const log = new TalkingLog();
    await log.commitSome(3);
    const [first, second, third] = await log.all();
    const holed = [first, third].filter((event): event is RecordedEvent => event !== undefined);
    await expect(started(telling(log, [holed]))).rejects.toThrow(LogContradiction);
    expect(second?.position).toBe(2);
  });

  it('is not retried where a fold fails: that is a bug', async () => {
    const log = new TalkingLog();
    await log.commitSome(1);
    let attempts = 0;
    const wrong = {
      ...seenEvents,
      evolve() {
        attempts += 1;
        throw new Error('impossible history');
      },
    };
    await expect(started(log, { projections: [wrong] })).rejects.toThrow('impossible history');
    expect(attempts).toBe(1);
  });
});

/** What a runner's failure will be. */
function failure(): { failed: Promise<unknown>; onFailure: (error: unknown) => void } {
  let onFailure: (error: unknown) => void = () => undefined;
  const failed = new Promise((resolve) => (onFailure = resolve));
  return { failed, onFailure: (error) => onFailure(error) };
}

/** The same log, whose reads let others run between events. */
function slowly(log: TalkingLog): TalkingLog {
  return Object.assign(Object.create(log) as TalkingLog, {
    async *read(after: number) {
      for await (const page of log.read(after)) {
        for (const event of page) {
          await new Promise(setImmediate);
          yield [event];
        }
      }
    },
  });
}

/** The same log, whose first reads fail. */
function failing(log: TalkingLog, failures: number): TalkingLog & { failures: number } {
  return Object.assign(Object.create(log) as TalkingLog, {
    failures,
    async *read(this: { failures: number }, after: number) {
      this.failures -= 1;
      if (this.failures >= 0) throw new Error('log is away');
      yield* log.read(after);
    },
  });
}
