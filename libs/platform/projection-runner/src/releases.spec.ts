import type { RecordedEvent } from '@core/contracts/event';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import { fold, type Projection } from '@core/kernel/projection';
import fc from 'fast-check';
import type { ProjectionRunner, RunnerOptions } from './projection-runner.ts';
import { releaseOf, type Build, type ReleaseDecision } from './releases.ts';
import { quick, started, stopAll } from './runners.fixture.ts';
import { accounts, batchOf, latest, MemorySnapshots, seenEvents, TalkingLog, type Seen } from './toys.fixture.ts';

const [ada = ''] = accounts;

/** The same question, answered otherwise: every second event of an account counts. */
const changed: Projection<Seen, RecordedEvent> = {
  ...seenEvents,
  version: 2,
  evolve(state, event) {
    if (event.version % 2 === 0) seenEvents.evolve(state, event);
  },
};
const projections = [seenEvents, changed, latest];

const decision = (act: ReleaseDecision['act'], version: number, build = 0): ReleaseDecision => ({
  name: 'seen',
  act,
  version,
  build,
});

afterEach(stopAll);

describe('what follows from decisions', () => {
  const first: Build = { version: 1, build: 0 };
  const next: Build = { version: 2, build: 0 };
  const again: Build = { version: 1, build: 1 };

  it.each([
    [[], { served: first, previous: null, candidate: null }],
    [[decision('build', 2)], { served: first, previous: null, candidate: next }],
    [[decision('build', 2), decision('serve', 2)], { served: next, previous: first, candidate: null }],
    [
      [decision('build', 2), decision('serve', 2), decision('serve', 1)],
      { served: first, previous: next, candidate: null },
    ],
    [[decision('build', 1, 1)], { served: first, previous: null, candidate: again }],
    [
      [decision('build', 2), decision('serve', 2), decision('build', 1, 1)],
      { served: next, previous: first, candidate: again },
    ],
    [[decision('build', 2), decision('discard', 2)], { served: first, previous: null, candidate: null }],
    [
      [decision('build', 2), decision('build', 1, 1), decision('discard', 2)],
      { served: first, previous: null, candidate: again },
    ],
    [
      [decision('build', 2), decision('serve', 2), decision('discard', 2)],
      { served: next, previous: first, candidate: null },
    ],
    [[decision('build', 3), decision('serve', 3)], { served: first, previous: null, candidate: null }],
  ])('%j', (decisions, release) => {
    expect(releaseOf([1, 2], decisions)).toEqual(release);
  });
});

/** What the runner shows of everyone is, wholly, what one build makes of the log up to the position that it claims. */
async function expectWhole(runner: ProjectionRunner, log: TalkingLog, version: number): Promise<void> {
  const { position } = runner;
  const shown = accounts.map((account) => structuredClone(runner.state(seenEvents, account)));
  const projection = version === 1 ? seenEvents : changed;
  const events = (await log.all()).filter((event) => event.position <= position);
  expect(shown).toEqual(
    accounts.map((account) =>
      fold(
        projection,
        events.filter(({ subject }) => subject === account),
      ),
    ),
  );
}

/** What waits is taken on the word of the feed; then the log is asked whether it is true. */
async function asked(runner: ProjectionRunner): Promise<void> {
  for (const _ of ['taken', 'asked']) await runner.check();
}

const TURNS_MAX = 10_000;

/** Others run until it is so. */
async function turning(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    if (await isSo()) return;
    await new Promise(setImmediate);
  }
  throw new Error('it did not come to be so');
}

const phasesOf = (runner: ProjectionRunner) =>
  runner.releases().flatMap(({ name, builds }) => (name === 'seen' ? builds.map(({ phase }) => phase) : []));
const servedBy = (runner: ProjectionRunner): number =>
  runner.releases().flatMap(({ builds }) => builds.filter(({ phase }) => phase === 'served'))[0]?.version ?? 0;
const settled = (runner: ProjectionRunner) => turning(() => !phasesOf(runner).includes('filling'));

describe('a runner with two versions of a projection', () => {
  it('serves the first, and fills the other beside it when that is asked for', async () => {
    const log = new TalkingLog();
    await log.commitSome(9);
    const runner = await started(log, { projections });
    await expectWhole(runner, log, 1);
    expect(phasesOf(runner)).toEqual(['served']);
    runner.decide([decision('build', 2)]);
    await settled(runner);
    expect(phasesOf(runner)).toEqual(['served', 'standing-by']);
    runner.offer(await log.commitSome(4));
    await runner.reached(13, 1_000);
    await expectWhole(runner, log, 1);
  });

  it('shows one or the other whole, whatever is decided, heard, lied and killed meanwhile', async () => {
    const anyDecision = fc.constantFrom(
      decision('build', 2),
      decision('serve', 2),
      decision('serve', 1),
      decision('build', 1, 1),
      decision('serve', 1, 1),
    );
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ kind: fc.constant('commit' as const), who: fc.nat({ max: 2 }), told: fc.boolean() }),
      },
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant('wait' as const), turns: fc.integer({ min: 1, max: 6 }) }),
      },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('decide' as const), decided: anyDecision }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'lie' as const }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'kill' as const }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'save' as const }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'look' as const }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
        const log = new TalkingLog();
        const snapshots = new MemorySnapshots();
        const decisions: ReleaseDecision[] = [];
        const options: Partial<RunnerOptions> = {
          projections,
          snapshots,
          decisions: async () => decisions,
          limits: { ...quick, snapshotBytesMax: 1, snapshotMs: 1, distrustMs: 0 },
        };
        const slow = slowly(log);
        let runner = await started(slow, options);
        for (const next of steps) {
          if (next.kind === 'commit') {
            const batch = await log.commit([accounts[next.who] ?? '']);
            if (next.told) runner.offer(batch);
          } else if (next.kind === 'decide') {
            decisions.push(next.decided);
            runner.decide(decisions);
          } else if (next.kind === 'lie') {
            runner.offer(forged((await log.head()) + 1));
          } else if (next.kind === 'kill') {
            await killed(runner, snapshots);
            runner = await started(slow, options);
          } else if (next.kind === 'save') {
            await runner.snapshot().catch(() => undefined);
          } else if (next.kind === 'look') {
            await asked(runner);
            await expectWhole(runner, log, servedBy(runner));
          } else if (next.kind === 'wait') {
            for (let turn = 0; turn < next.turns; turn += 1) await new Promise(setImmediate);
          }
        }
        await turning(async () => {
          runner.decide(decisions);
          await asked(runner);
          return !phasesOf(runner).includes('filling') && servedBy(runner) === wanted(decisions);
        });
        await expectWhole(runner, log, wanted(decisions));
        for (const end of [() => runner.snapshot(), () => killed(runner, snapshots)]) await end();
        runner = await started(log, options);
        for (const version of [1, 2]) {
          const back = [...decisions, decision('build', version), decision('serve', version)];
          await turning(() => {
            runner.decide(back);
            return servedBy(runner) === version;
          });
          await expectWhole(runner, log, version);
        }
        await runner.stop();
      }),
      { numRuns: 40 },
    );
  });

  it('goes back at once, and tells who keeps something of the states that they are others', async () => {
    const log = new TalkingLog();
    await log.commitSome(6);
    const runner = await started(log, { projections });
    const decisions = [decision('build', 2)];
    runner.decide(decisions);
    await settled(runner);
    const seen: number[] = [];
    runner.onReplaced(() => seen.push(servedBy(runner)));
    decisions.push(decision('serve', 2));
    runner.decide(decisions);
    expect(seen).toEqual([2]);
    decisions.push(decision('serve', 1));
    runner.decide(decisions);
    expect(seen).toEqual([2, 1]);
    expect(phasesOf(runner)).toEqual(['served', 'standing-by']);
  });

  it('holds up no stop: what of a fill is being saved ends with its slice', async () => {
    const log = new TalkingLog();
    await log.commitSome(6);
    const snapshots = new MemorySnapshots();
    const savedOf = (version: number) =>
      [...snapshots.states.keys()].filter((key) => key.startsWith(`seen|${version}|`)).length;
    const runner = await started(log, { projections, snapshots, limits: { ...quick, snapshotBytesMax: 1 } });
    await runner.snapshot();
    const stopped = new Promise<void>((resolve) => {
      snapshots.onSave = () => {
        snapshots.onSave = () => undefined;
        resolve(runner.stop());
      };
    });
    runner.decide([decision('build', 2)]);
    await stopped;
    expect([savedOf(1), savedOf(2)]).toEqual([3, 1]);
  });

  it('goes on where a fill was cut short', async () => {
    const log = new TalkingLog();
    for (let n = 0; n < 30; n += 1) await log.commitSome(5);
    const snapshots = new MemorySnapshots();
    const read: number[] = [];
    const paged = Object.assign(Object.create(log) as TalkingLog, {
      async *read(after: number) {
        read.push(after);
        for (const event of await log.all()) if (event.position > after) yield [event];
      },
    });
    const limits = { ...quick, snapshotMs: 0 };
    const runner = await started(paged, { projections, snapshots, limits });
    let saves = 0;
    snapshots.onSave = (states) => {
      if (snapshots.checkpoints.has('seen|2') && states.length > 0 && (saves += 1) > 3) throw new Error('killed');
    };
    runner.decide([decision('build', 2)]);
    await turning(() => saves > 3);
    snapshots.onSave = () => undefined;
    await runner.stop();
    const filled = snapshots.checkpoints.get('seen|2') ?? 0;
    expect(filled).toBeGreaterThan(0);
    read.length = 0;
    const after = await started(paged, {
      projections,
      snapshots,
      limits,
      decisions: async () => [decision('build', 2)],
    });
    await settled(after);
    expect(read).toContain(filled);
    expect(read).not.toContain(0);
    after.decide([decision('build', 2), decision('serve', 2)]);
    await expectWhole(after, log, 2);
  });

  it('fills anew what heard a lie before it came to the end', async () => {
    const log = new TalkingLog();
    await log.commitSome(4);
    let [reads, open]: [number, () => void] = [0, () => undefined];
    const opened = new Promise<void>((resolve) => (open = resolve));
    const gated = Object.assign(Object.create(log) as TalkingLog, {
      async *read(after: number) {
        reads += 1;
        if (reads === 3) await opened; // the start’s, the fill’s, and the fill’s last
        yield* log.read(after);
      },
    });
    const runner = await started(gated, { projections, limits: { ...quick, distrustMs: 0 } });
    runner.decide([decision('build', 2)]);
    await turning(() => reads === 3);
    runner.offer(forged(5));
    await runner.reached(5, 1_000);
    const asking = asked(runner);
    await new Promise(setImmediate);
    open();
    await asking;
    await settled(runner);
    runner.decide([decision('build', 2), decision('serve', 2)]);
    await expectWhole(runner, log, 2);
  });

  it('is not ended by a new version that cannot take what the log holds', async () => {
    const log = new TalkingLog();
    await log.commitSome(3);
    const broken = {
      ...changed,
      evolve(_state: Seen, { position }: RecordedEvent) {
        if (position === 2) throw new Error('never seen that');
      },
    };
    const onFailure = jest.fn();
    const runner = await started(log, { projections: [seenEvents, broken], onFailure });
    runner.decide([decision('build', 2), decision('serve', 2)]);
    await turning(() => phasesOf(runner).includes('failed'));
    expect(runner.releases()[0]?.builds[1]?.reason).toBe('seen 2 at position 2: never seen that');
    await expectWhole(runner, log, 1);
    expect(onFailure).not.toHaveBeenCalled();
  });
});

/** Whatever it would have saved at its end is not. */
async function killed(runner: ProjectionRunner, snapshots: MemorySnapshots): Promise<void> {
  snapshots.onSave = () => {
    throw new Error('killed');
  };
  await runner.stop().catch(() => undefined);
  snapshots.onSave = () => undefined;
}

/** The same log, whose reads let others run between events. */
const slowly = (log: TalkingLog): TalkingLog =>
  Object.assign(Object.create(log) as TalkingLog, {
    async *read(after: number) {
      for await (const page of log.read(after))
        for (const event of page) {
          await new Promise(setImmediate);
          yield [event];
        }
    },
  });

const wanted = (decisions: readonly ReleaseDecision[]): number => releaseOf([1, 2], decisions).served.version;

/** As somebody else would write it to the feed: what never happened. */
const forged = (position: number) =>
  batchOf(
    recorded([anEvent('EquityMarked', {}, { subject: ada, id: exampleId(0xf0) })]).map((event) =>
      Object.assign(event, { position, version: 2 }),
    ),
  );
