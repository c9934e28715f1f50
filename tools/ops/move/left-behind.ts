import type { AccountAggregate } from '@core/domain/account-aggregate';
import { EVERY_EDGE } from '@core/contracts/primitives';

/** What everybody in a cell is subject to. */
export type HoldsForAll = Pick<AccountAggregate, 'risk' | 'limits'>;

/**
 * What a trader is subject to in the cell that they leave and will not be in the other, in words; for it is of the cell.
 * What an operator said of an account or of a trader goes with them.
 */
export function leftBehind(here: HoldsForAll, there: HoldsForAll): string[] {
  const [held, holding] = [heldIn(here), heldIn(there)];
  return [...held].filter(([what, value]) => holding.get(what) !== value).map(([what, value]) => `${what}${value}`);
}

/** Each with its figure, where it has one. */
const heldIn = ({ risk, limits }: HoldsForAll): ReadonlyMap<string, string> =>
  new Map([
    ...(risk.halted ? [['a halt of all trading', ''] as const] : []),
    ...(risk.closeOnly ? [['close-only for everyone', ''] as const] : []),
    ...risk.shadow.map((edge) => [`shadow for ${edge === EVERY_EDGE ? 'every edge' : edge}`, ''] as const),
    ...Object.entries(limits.duplicateWindowMs).map(
      ([edge, windowMs]) => [`the guard against duplicates by ${edge}`, `, ${windowMs} ms`] as const,
    ),
    ...Object.entries(limits.own).map(([limit, allowed]) => [`the limit ${limit}`, ` of ${allowed}`] as const),
  ]);
