import type { IntegrationId } from './primitives.ts';

/** Names a strategy within an account. */
export type StrategyKey = string;

/** Senders choose strategy ids, so they are unique within an integration only. */
export const strategyKey = (strategy: {
  readonly integrationId: IntegrationId;
  readonly strategyId: string;
}): StrategyKey => `${strategy.integrationId}/${strategy.strategyId}`;

/** Ids of integrations hold no slash. */
export function strategyOfKey(key: StrategyKey): {
  readonly integrationId: IntegrationId;
  readonly strategyId: string;
} {
  const end = key.indexOf('/');
  return { integrationId: key.slice(0, end), strategyId: key.slice(end + 1) };
}
