import type { AccountId, TraderId } from '@core/contracts/primitives';

/** What a key may see; null is everyone's. An account must pass both lists. */
export interface Scope {
  readonly traderIds: readonly TraderId[] | null;
  readonly accountIds: readonly AccountId[] | null;
}

/** Asked on every path by which something of an account could leave: events, snapshots, replays, answers and errors. */
export const isWithin = (scope: Scope, accountId: AccountId, traderId: TraderId): boolean =>
  (scope.accountIds === null || scope.accountIds.includes(accountId)) &&
  (scope.traderIds === null || scope.traderIds.includes(traderId));
