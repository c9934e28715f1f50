// A fold that shows whatever is missing, doubled or swapped, in two versions; the newer one is slow to fill.
import type { RecordedEvent } from '@core/contracts/event';
import type { Projection } from '@core/kernel/projection';
import { createHash } from 'node:crypto';

export interface Trail {
  by: number;
  events: number;
  digest: string;
}

const WORK = 30;

const trailVersion = (
  version: number,
  counts: (event: RecordedEvent) => boolean,
): Projection<Trail, RecordedEvent> => ({
  name: 'trail',
  version,
  initial: () => ({ by: version, events: 0, digest: '' }),
  evolve(state, event) {
    if (!counts(event)) return;
    state.events += 1;
    for (let n = 0; n < (version > 1 ? WORK : 1); n += 1)
      state.digest = createHash('sha256').update(state.digest).update(event.id).digest('hex');
  },
});

export const trail = trailVersion(1, () => true);
/** Deliberately changed: what the account is worth does not count any more. */
export const changedTrail = trailVersion(2, ({ type }) => type !== 'EquityMarked');
