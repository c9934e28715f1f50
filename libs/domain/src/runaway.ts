import type { CommandBody } from '@core/contracts/command';
import type { EventBody } from '@core/contracts/event';
import type { LimitKind } from '@core/contracts/limit';

/** Limits that nobody reaches by trading: whoever does runs away. */
const RUNAWAY: ReadonlySet<LimitKind> = new Set<LimitKind>(['orders-per-second', 'rejections-in-a-row']);

/** Who decides where a program ran away: nobody does, so a person must take it back. */
const BREAKER = 'runaway-breaker';

/** What the refusal of an order leads to besides: an account that runs away may only close until an operator looked at it. */
export function breakerWish({ breach }: EventBody<'CommandRefused'>['data']): CommandBody<'SetCloseOnly'> | null {
  if (breach === null || !RUNAWAY.has(breach.limit)) return null;
  const note = `${breach.limit}: ${breach.allowed} allowed, ${breach.found ?? 'more'} found`;
  return { type: 'SetCloseOnly', data: { operator: BREAKER, note, closeOnly: true } };
}
