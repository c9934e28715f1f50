import type { EventBody } from '@core/contracts/event';
import type { LimitBreach, LimitKind } from '@core/contracts/limit';
import { SYSTEM_ACCOUNT, type Decimal, type TraderId } from '@core/contracts/primitives';
import { compare } from '@core/kernel/decimal';
import { nothing, record, refuse, type Decide, type LimitTable, type SetLimits } from './decision.ts';

export const noLimits = (): SetLimits => ({ own: {}, ofTraders: {}, duplicateWindowMs: {} });

/** A limit, and whose it is. */
export type LimitInForce = Pick<LimitBreach, 'of' | 'allowed'>;

/** An operator's decision about one account, the accounts of a trader, or all. Already so: nothing. */
export const setLimit: Decide<'SetLimit', { readonly limits: SetLimits }> = ({ limits }, { subject, data }) => {
  const { traderId, limit, allowed } = data;
  if (traderId !== null && subject !== SYSTEM_ACCOUNT) return refuse('malformed');
  const standing = (traderId === null ? limits.own : limits.ofTraders[traderId])?.[limit] ?? null;
  return standing === allowed ? nothing : record({ type: 'LimitSet', data });
};

/** Already so: nothing. */
export const setDuplicateGuard: Decide<'SetDuplicateGuard', { readonly limits: SetLimits }> = ({ limits }, { data }) =>
  (limits.duplicateWindowMs[data.edge] ?? null) === data.windowMs
    ? nothing
    : record({ type: 'DuplicateGuardSet', data });

export function evolveDuplicateGuard({ duplicateWindowMs }: SetLimits, { data }: EventBody<'DuplicateGuardSet'>): void {
  if (data.windowMs === null) delete duplicateWindowMs[data.edge];
  else duplicateWindowMs[data.edge] = data.windowMs;
}

export function evolveLimits(limits: SetLimits, { data }: EventBody<'LimitSet'>): void {
  const { traderId, limit, allowed } = data;
  const table = traderId === null ? limits.own : (limits.ofTraders[traderId] ??= {});
  if (allowed === null) delete table[limit];
  else table[limit] = allowed;
}

/** Of those that hold for an account, the one that allows least; null where nobody limits it. */
export function limitInForce(
  kind: LimitKind,
  account: SetLimits,
  system: SetLimits,
  traderId: TraderId,
): LimitInForce | null {
  const tables: readonly (readonly [LimitInForce['of'], LimitTable | undefined])[] = [
    ['account', account.own],
    ['trader', system.ofTraders[traderId]],
    ['everyone', system.own],
  ];
  let least: LimitInForce | null = null;
  for (const [of, table] of tables) {
    const allowed: Decimal | undefined = table?.[kind];
    if (allowed !== undefined && (least === null || compare(allowed, least.allowed) < 0)) least = { of, allowed };
  }
  return least;
}
