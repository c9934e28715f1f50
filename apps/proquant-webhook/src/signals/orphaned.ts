import type { PositionId } from '@core/contracts/primitives';
import { standsBeside, withdrawnAt } from '@core/contracts/integration-consent';
import { policiesOf } from '@core/contracts/integration-policy';
import type { Frozen } from '@core/projection-runner/projection-runner';
import type { AccountStrategies } from '@core/projections/strategies';
import type { LifecycleWish } from '@core/proquant/translate';

/** Positions of strategies that are switched off, or whose integration is withdrawn, where that is to close them. */
export const orphanedToClose = ({
  holders,
  strategies,
  consents,
  policies,
}: Frozen<AccountStrategies>): readonly PositionId[] =>
  Object.entries(holders).flatMap(([positionId, key]) => {
    const strategy = strategies[key];
    if (!strategy || policiesOf(policies, strategy.integrationId).on_disable === 'leave_open') return [];
    const isWithdrawn = withdrawnAt(consents, strategy.integrationId) !== null;
    return strategy.enabled === false || isWithdrawn ? [positionId] : [];
  });

/** Whether what was just recorded leaves a strategy, or all of an integration, without anyone who will say to close. */
export const isSwitchedOff = (
  { consents }: Frozen<Pick<AccountStrategies, 'consents'>>,
  wish: LifecycleWish,
): boolean =>
  wish.type === 'RecordStrategy'
    ? !wish.data.enabled
    : wish.data.what !== 'approved' && !standsBeside(consents, wish.data);
