import type { RecordedEvent } from '@core/contracts/event';
import { canonicalJson } from '@core/kernel/canonical-json';
import { differences, fieldAt } from '@core/kernel/json-difference';
import type { Projection } from '@core/kernel/projection';
import fc from 'fast-check';
import { stateAt } from './state-at.ts';
import { stateChanges } from './state-changes.ts';
import { accounts, TalkingLog } from './toys.fixture.ts';

const [ada = '', bob = ''] = accounts;
const EVENTS = 40;

/** Fields that come, go, flip and grow, each with its own events. */
const turns: Projection<Record<string, unknown>, RecordedEvent> = {
  name: 'turns',
  version: 1,
  initial: () => ({}),
  evolve(state, { position }) {
    if (position % 2 === 0) state.even = position % 4 === 0;
    if (position % 5 === 0) state.deep = { at: position };
    if (position % 7 === 0) delete state.deep;
    if (position % 6 === 1) state.list = [...((state.list as number[] | undefined) ?? []), position];
  },
};

describe('changes of a state', () => {
  let log: TalkingLog;

  beforeAll(async () => {
    log = new TalkingLog();
    for (let n = 0; n < EVENTS; n += 1) await log.commit([n % 3 === 0 ? bob : ada]);
  });

  const at = (position: number) => stateAt(log, turns, ada, { position });

  it('are the differences of the two states, each with the first and the last event that touched it', async () => {
    const moment = fc.nat({ max: EVENTS });
    await fc.assert(
      fc.asyncProperty(moment, moment, async (one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const changes = await stateChanges(log, turns, ada, { from, to });
        expect(changes.map(({ path, left, right }) => ({ path, left, right }))).toEqual(
          differences(await at(from), await at(to)),
        );
        for (const { path, left, right, first, last } of changes) {
          const spelled = async (position: number) => canonicalJson(fieldAt(await at(position), path) ?? null);
          expect(await spelled(first.position - 1)).toBe(canonicalJson(left ?? null));
          expect(await spelled(first.position)).not.toBe(canonicalJson(left ?? null));
          expect(await spelled(last.position - 1)).not.toBe(canonicalJson(right ?? null));
          expect(await spelled(last.position)).toBe(canonicalJson(right ?? null));
          expect([first.subject, last.subject]).toEqual([ada, ada]);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('are none where nothing happened', async () => {
    expect(await stateChanges(log, turns, ada, { from: EVENTS, to: EVENTS })).toEqual([]);
  });
});
