import { exampleId } from '@core/contracts/examples.fixture';
import type { AccountId } from '@core/contracts/primitives';
import type { MoveStage } from '@core/registry/cell-entities';
import fc from 'fast-check';
import { nextMoveStep, type MovedAccount, type MoveStep } from './move-step.ts';

const [moveId, before] = [exampleId(1), exampleId(2)];
const STEPS_MAX = 200;

interface LogOfOne {
  version: number;
  residence: { phase: 'home' | 'leaving' | 'away'; moveId: string | null };
}
interface One {
  account: AccountId;
  here: LogOfOne & { isAtRest: boolean; isConnected: boolean };
  there: LogOfOne & { expectedBy: string | null; isAwaited: boolean };
}

/** Two logs and a registry that do what a step asks of them; the other log is told of three events at a time. */
class World {
  stage: MoveStage | null = 'draining';
  flips = 0;

  constructor(readonly accounts: One[]) {}

  next(): MoveStep {
    return nextMoveStep({
      moveId,
      stage: this.stage ?? 'draining',
      accounts: this.accounts as readonly MovedAccount[],
    });
  }

  take(step: MoveStep): void {
    const one = 'account' in step ? this.accounts.find(({ account }) => account === step.account) : undefined;
    switch (step.step) {
      case 'begin':
        if (one) this.record(one.here, 'leaving');
        return;
      case 'wait':
        if (one && step.for === 'requests') one.here.isAtRest = true;
        else if (one && step.for === 'session') one.there.isAwaited = false;
        else if (one) one.here.isConnected = false;
        return;
      case 'stop-connecting':
        this.stage = 'copying';
        return;
      case 'depart':
        if (one) this.record(one.here, 'away');
        return;
      case 'expect':
        if (one) one.there.expectedBy = moveId;
        return;
      case 'copy':
        if (!one) return;
        one.there.version = Math.min(one.here.version, one.there.version + 3);
        if (one.there.version === one.here.version) one.there.residence = { ...one.here.residence };
        return;
      case 'compare-and-flip':
        for (const { here, there } of this.accounts) {
          expect(here.residence).toEqual({ phase: 'away', moveId });
          expect(there).toMatchObject({ version: here.version, residence: here.residence, expectedBy: moveId });
        }
        this.stage = 'arriving';
        this.flips += 1;
        return;
      case 'connect':
        expect(this.accounts.every(({ there }) => there.residence.phase === 'home')).toBe(true);
        this.stage = 'connecting';
        return;
      case 'arrive':
        if (one) this.record(one.there, 'home');
        return;
      case 'expect-no-more':
        if (one) one.there.expectedBy = null;
        return;
      case 'take-back':
        if (one) this.record(one.here, 'home');
        return;
      case 'end':
        this.stage = null;
        return;
    }
  }

  /** Whether anything may be recorded of it in both logs at once. */
  isInBoth({ here, there }: One): boolean {
    const isOpen = there.version > 0 && there.residence.phase === 'home' && there.expectedBy === null;
    return here.residence.phase !== 'away' && isOpen;
  }

  private record(log: LogOfOne, phase: LogOfOne['residence']['phase']): void {
    log.version += 1;
    log.residence = { phase, moveId };
  }
}

const anAccount = fc
  .record({
    version: fc.integer({ min: 1, max: 9 }),
    isAtRest: fc.boolean(),
    isConnected: fc.boolean(),
    wasThere: fc.boolean(),
  })
  .map(({ version, isAtRest, isConnected, wasThere }) => ({
    here: { version, isAtRest, isConnected, residence: { phase: 'home' as const, moveId: wasThere ? before : null } },
    there: {
      version: wasThere ? 1 : 0,
      residence: { phase: wasThere ? ('away' as const) : ('home' as const), moveId: wasThere ? before : null },
      expectedBy: null,
      isAwaited: isConnected,
    },
  }));
const worlds = fc
  .array(anAccount, { maxLength: 3 })
  .map((accounts) => new World(accounts.map((each, index) => ({ account: exampleId(0xa0 + index), ...each }))));

/** Goes on until it is over; each step may be taken twice, for whoever took it may have died before it was heard. */
function goOn(world: World, twice: readonly boolean[], takeBackAt: number): void {
  for (let count = 0; world.stage !== null; count += 1) {
    expect(count).toBeLessThan(STEPS_MAX);
    if (count === takeBackAt && world.flips === 0) world.stage = 'returning';
    const step = world.next();
    world.take(step);
    if (twice[count % Math.max(1, twice.length)] && step.step === 'wait') world.take(step);
    for (const each of world.accounts) expect(world.isInBoth(each)).toBe(false);
  }
}

const always = -1;

it('a move comes to its end from wherever it is looked at, and flips once, when both logs have the same', () => {
  fc.assert(
    fc.property(worlds, fc.array(fc.boolean()), (world, twice) => {
      goOn(world, twice, always);
      expect(world.flips).toBe(1);
      for (const { here, there } of world.accounts) {
        expect(here.residence.phase).toBe('away');
        expect(there).toMatchObject({ residence: { phase: 'home' }, expectedBy: null, version: here.version + 1 });
      }
    }),
  );
});

it('one that is taken back leaves its accounts where they were, and open in no other log', () => {
  fc.assert(
    fc.property(worlds, fc.nat({ max: 30 }), (world, takeBackAt) => {
      goOn(world, [], takeBackAt);
      for (const { here, there } of world.accounts)
        if (world.flips === 0) {
          expect(here.residence.phase).toBe('home');
          expect(there.residence.phase === 'away' || there.expectedBy === moveId || there.version === 0).toBe(true);
        }
    }),
  );
});
