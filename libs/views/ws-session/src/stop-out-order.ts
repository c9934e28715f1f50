// A stop-out of several positions is told one after the other, protocol section 8.5: each closed position, then its money.
import type { RecordedEvent } from '@core/contracts/event';
import type { PositionId } from '@core/contracts/primitives';
import { ZERO } from '@core/kernel/decimal';
import type { PositionState } from '@core/projections/positions';

/** A stop-out that is being told: whose money comes next, and what was closed meanwhile, oldest first. */
export interface StopOut {
  awaits: PositionId;
  closed: PositionState[];
}

/** What an event leads to. `before` and `after` are closed positions that are told around what the event itself says. */
export interface StopOutStep {
  /** What the event says is told later. */
  readonly isHeld: boolean;
  readonly before: readonly PositionState[];
  readonly after: readonly PositionState[];
  readonly next: StopOut | null;
}

/** More than a broker closes at once; beyond it nobody waits. */
const CLOSED_MAX = 1_000;

/**
 * `closing` is the position that the event closed, where it did.
 * Only the broker's own closes in one go wait, and only for a balance: whatever else happens to the account ends that.
 */
export function stopOutStep(stopOut: StopOut | null, event: RecordedEvent, closing: PositionState | null): StopOutStep {
  if (closing?.close?.reason === 'stop-out') return closed(stopOut, closing);
  if (stopOut === null) return { isHeld: false, before: [], after: [], next: null };
  if (event.type !== 'BalanceChanged') return ended(stopOut);
  const about = event.data.operation?.reference ?? null;
  if (about === stopOut.awaits) return { isHeld: false, before: [], ...upToMoney(stopOut.closed) };
  // Its money came first: nothing is told of a position that is not closed.
  if (stopOut.closed.some(({ id }) => id === about)) return ended(stopOut);
  return { isHeld: false, before: [], after: [], next: stopOut };
}

function closed(stopOut: StopOut | null, closing: PositionState): StopOutStep {
  if (stopOut === null)
    return { isHeld: false, before: [], after: [], next: movesMoney(closing) ? begun(closing) : null };
  const waiting = [...stopOut.closed, closing];
  if (waiting.length > CLOSED_MAX) return ended(stopOut);
  return { isHeld: true, before: [], after: [], next: { ...stopOut, closed: waiting } };
}

const begun = ({ id }: PositionState): StopOut => ({ awaits: id, closed: [] });

const ended = ({ closed: before }: StopOut): StopOutStep => ({ isHeld: false, before, after: [], next: null });

/** Those that are told up to the first whose money is still to come. */
function upToMoney(waiting: readonly PositionState[]): Pick<StopOutStep, 'after' | 'next'> {
  const index = waiting.findIndex(movesMoney);
  const awaited = waiting[index];
  if (!awaited) return { after: waiting, next: null };
  return { after: waiting.slice(0, index + 1), next: { awaits: awaited.id, closed: waiting.slice(index + 1) } };
}

/** A close that brought and cost nothing moves no balance. */
const movesMoney = ({ close }: PositionState): boolean =>
  close !== null && [close.profit, close.swap, close.commission].some((amount) => amount !== ZERO);
