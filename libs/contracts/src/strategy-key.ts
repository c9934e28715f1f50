import type { IntegrationId } from './primitives.ts';

/** Names a strategy within an account. */
export type StrategyKey = string;

/** Senders choose strategy ids, so they are unique within an integration only. */
export const strategyKey = (strategy: {
  readonly integrationId: IntegrationId;
  readonly strategyId: string;
}): StrategyKey => `${strategy.integrationId}/${strategy.strategyId}`;
