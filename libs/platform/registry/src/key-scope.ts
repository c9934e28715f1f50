import type { AccountId, TraderId } from '@core/contracts/primitives';
import type { AccessKey } from './entities.ts';

/** What a key may see; null is everyone's. */
type Scope = Pick<AccessKey, 'traderIds' | 'accountIds'>;

/** An account must pass both lists. Asked on every path by which something of an account could leave: events, snapshots, replays, answers and errors. */
export const isWithin = (scope: Scope, accountId: AccountId, traderId: TraderId): boolean =>
  (scope.accountIds === null || scope.accountIds.includes(accountId)) &&
  (scope.traderIds === null || scope.traderIds.includes(traderId));

/** What a key may do, in the protocol's words. */
export const scopesOf = ({ prices, trade }: Pick<AccessKey, 'prices' | 'trade'>): string[] => [
  'read',
  ...(prices ? ['prices'] : []),
  ...(trade ? ['trade'] : []),
];
