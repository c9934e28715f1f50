import fc from 'fast-check';
import type { RunnerOptions } from './projection-runner.ts';
import { expectEqualToTheLog, quick, started, stopAll, telling } from './runners.fixture.ts';
import type { SnapshotKey } from './snapshots.ts';
import { accounts, latest, MemorySnapshots, seenEvents, TalkingLog } from './toys.fixture.ts';

const [, bob = ''] = accounts;

afterEach(stopAll);

describe('snapshots', () => {
  const saved = async (log: TalkingLog, snapshots: MemorySnapshots, options: Partial<RunnerOptions> = {}) => {
    const runner = await started(log, { snapshots, ...options });
    await runner.stop();
    return runner;
  };

  it('let a restart fold only what came after', async () => {
    const log = new TalkingLog();
    const snapshots = new MemorySnapshots();
    await log.commitSome(6);
    await saved(log, snapshots);
    await log.commitSome(4);
    const read: number[] = [];
    const runner = await started(telling(log, undefined, read), { snapshots });
    await expectEqualToTheLog(runner, log);
    expect(read).toEqual([6]);
  });

  it('leave accounts alone that did not change', async () => {
    const log = new TalkingLog();
    const snapshots = new MemorySnapshots();
    await log.commitSome(6);
    await saved(log, snapshots);
    const touched = new Set<string>();
    snapshots.onSave = (states) => states.forEach(({ account }) => touched.add(account));
    const runner = await started(log, { snapshots });
    runner.offer(await log.commit([bob]));
    await runner.reached(7, 1_000);
    await runner.stop();
    expect([...touched]).toEqual([bob]);
    await expectEqualToTheLog(await started(log, { snapshots }), log);
  });

  it('fill a changed version from the start, beside the others that go on', async () => {
    const log = new TalkingLog();
    const snapshots = new MemorySnapshots();
    await log.commitSome(6);
    await saved(log, snapshots);
    await log.commitSome(2);
    const changed = { ...seenEvents, version: 2 };
    const runner = await started(log, { snapshots, projections: [changed, latest] });
    for (const account of accounts) {
      expect(runner.state(changed, account)).toEqual(await log.fold(seenEvents, account));
      expect(runner.state(latest, account)).toEqual(await log.fold(latest, account));
    }
    await runner.stop();
    expect(snapshots.checkpoints).toEqual(
      new Map([
        ['seen|1', 6],
        ['latest|1', 8],
        ['seen|2', 8],
      ]),
    );
    await expectEqualToTheLog(await started(log, { snapshots }), log);
  });

  it('may be cut short anywhere, in slices and while events go on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 20 }), fc.nat(8), async (who, cut) => {
        const log = new TalkingLog();
        const snapshots = new MemorySnapshots();
        const limits = { ...quick, snapshotBytesMax: 1 };
        const runner = await started(log, { snapshots, limits });
        let saves = 0;
        snapshots.onSave = () => {
          saves += 1;
          if (saves > cut) throw new Error('database is away');
        };
        for (const [n, account] of who.entries()) {
          runner.offer(await log.commit([accounts[account] ?? '']));
          // Not awaited: a round goes on while later events come.
          if (n % 3 === 0) runner.snapshot().catch(() => undefined);
        }
        await runner.check();
        snapshots.onSave = () => undefined;
        await expectEqualToTheLog(await started(log, { snapshots, limits }), log);
      }),
      { numRuns: 50 },
    );
  });

  it('are saved in slices, of at least one account and not much more than may be', async () => {
    const log = new TalkingLog();
    const snapshots = new MemorySnapshots();
    await log.commitSome(6);
    const slices: number[] = [];
    snapshots.onSave = (states) => slices.push(states.length);
    await saved(log, snapshots, { limits: { ...quick, snapshotBytesMax: 1 } });
    expect(slices).toEqual([2, 2, 2]);
  });

  it('are repeated after a failure', async () => {
    const log = new TalkingLog();
    const snapshots = new MemorySnapshots();
    await log.commitSome(6);
    const runner = await started(log, { snapshots });
    snapshots.onSave = () => {
      throw new Error('database is away');
    };
    await expect(runner.snapshot()).rejects.toThrow('database is away');
    snapshots.onSave = () => undefined;
    await runner.snapshot();
    expect(snapshots.states.size).toBe(accounts.length * 2);
  });

  it('that another process saves while one starts are of this log too', async () => {
    const log = new TalkingLog();
    const snapshots = new MemorySnapshots();
    await log.commitSome(6);
    await saved(log, snapshots);
    const other = await started(log, { snapshots });
    const dropped = jest.spyOn(snapshots, 'drop');
    const busy = Object.assign(Object.create(snapshots) as MemorySnapshots, {
      async load(key: SnapshotKey) {
        await log.commitSome(3);
        await other.check();
        await other.snapshot();
        return snapshots.load(key);
      },
    });
    await expectEqualToTheLog(await started(log, { snapshots: busy }), log);
    expect(dropped).not.toHaveBeenCalled();
  });

  it('hold up no stop: what is being saved ends with its slice, and the next start reads the rest from the log', async () => {
    const log = new TalkingLog();
    const snapshots = new MemorySnapshots();
    await log.commitSome(6);
    const limits = { ...quick, snapshotBytesMax: 1, snapshotStopMs: 0 };
    const runner = await started(log, { snapshots, limits });
    let stopped: Promise<void> | undefined;
    let slices = 0;
    snapshots.onSave = () => {
      slices += 1;
      stopped ??= runner.stop();
    };
    await runner.snapshot();
    await stopped;
    expect(slices).toBe(1);
    expect(snapshots.checkpoints.size).toBe(0);
    await expectEqualToTheLog(await started(log, { snapshots }), log);
  });

  it('that were saved before a round failed are not saved again', async () => {
    const log = new TalkingLog();
    const snapshots = new MemorySnapshots();
    await log.commitSome(6);
    const runner = await started(log, { snapshots, limits: { ...quick, snapshotBytesMax: 1 } });
    const saved: string[] = [];
    snapshots.onSave = (states) => {
      if (saved.length === 1) throw new Error('database is away');
      saved.push(states[0]?.account ?? '');
    };
    await expect(runner.snapshot()).rejects.toThrow('database is away');
    snapshots.onSave = (states) => saved.push(states[0]?.account ?? '');
    await runner.snapshot();
    expect(saved).toEqual(accounts);
    await runner.stop();
    await expectEqualToTheLog(await started(log, { snapshots }), log);
  });

  it('of a log that this one replaced are dropped', async () => {
    const snapshots = new MemorySnapshots();
    const old = new TalkingLog();
    await old.commitSome(9);
    await saved(old, snapshots);
    const log = new TalkingLog();
    await log.commitSome(4);
    const runner = await started(log, { snapshots });
    await expectEqualToTheLog(runner, log);
    await runner.stop();
    expect(snapshots.checkpoints.get('seen|1')).toBe(4);
    await expectEqualToTheLog(await started(log, { snapshots }), log);
  });
});
