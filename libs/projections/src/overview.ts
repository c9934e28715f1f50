import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { jsonDigest } from '@core/kernel/canonical-json';
import type { Projection } from '@core/kernel/projection';
import { accountState, type AccountState } from './account.ts';
import { accountOrders, type AccountOrders } from './orders.ts';
import { accountPositions, type AccountPositions } from './positions.ts';
import { openRequests, type OpenRequests } from './requests.ts';
import { accountStrategies, type AccountStrategies } from './strategies.ts';

/** Everything that an account is, in the states that the services fold. */
export interface AccountOverview {
  readonly account: AccountState;
  readonly positions: AccountPositions;
  readonly orders: AccountOrders;
  readonly requests: OpenRequests;
  readonly strategies: AccountStrategies;
}

const PARTS = {
  account: accountState,
  positions: accountPositions,
  orders: accountOrders,
  requests: openRequests,
  strategies: accountStrategies,
};

/** All folds of an account in one pass, for whoever looks at a moment of it as a whole. */
export const accountOverview: Projection<AccountOverview, RecordedEvent> = {
  name: 'overview',
  version: 1,

  initial: () => ({
    account: PARTS.account.initial(),
    positions: PARTS.positions.initial(),
    orders: PARTS.orders.initial(),
    requests: PARTS.requests.initial(),
    strategies: PARTS.strategies.initial(),
  }),

  evolve(state, event) {
    PARTS.account.evolve(state.account, event);
    PARTS.positions.evolve(state.positions, event);
    PARTS.orders.evolve(state.orders, event);
    PARTS.requests.evolve(state.requests, event);
    PARTS.strategies.evolve(state.strategies, event);
  },
};

/** The versions of the folds that an overview is made by. */
export const overviewFolds: Readonly<Record<keyof AccountOverview, number>> = {
  account: PARTS.account.version,
  positions: PARTS.positions.version,
  orders: PARTS.orders.version,
  requests: PARTS.requests.version,
  strategies: PARTS.strategies.version,
};

/** One digest of an account's states and of the versions of the folds that made them: equal where both are. */
export const overviewHash = (account: AccountId, states: AccountOverview): string =>
  jsonDigest({ account, folds: overviewFolds, states });
