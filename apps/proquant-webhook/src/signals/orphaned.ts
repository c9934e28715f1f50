import { hearConsent, withdrawnAt, type Consents } from '@core/contracts/integration-consent';
import { policiesOf } from '@core/contracts/integration-policy';
import type { PositionId } from '@core/contracts/primitives';
import { isOnBeside } from '@core/contracts/strategy-consent';
import type { Frozen } from '@core/projection-runner/projection-runner';
import { isSwitchedOn, type AccountStrategies } from '@core/projections/strategies';
import type { LifecycleWish } from '@core/proquant/translate';

type Strategy = Frozen<AccountStrategies>['strategies'][string];
type KnownConsents = Readonly<Consents>;

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
    return isLeft(strategy, consents) ? [positionId] : [];
  });

/**
 * The strategies that what was just recorded leaves without anyone who will say to close what they hold: switched off
 * under their last registration, or all of an integration with its last one. The state may have it already.
 */
export function leftBy(
  { strategies, consents }: Frozen<Pick<AccountStrategies, 'strategies' | 'consents'>>,
  { type, data }: LifecycleWish,
): readonly Strategy[] {
  const all = Object.values(strategies).filter(({ integrationId }) => integrationId === data.integrationId);
  if (type === 'RecordStrategy') {
    const { enabled, strategyId, sentAt } = data;
    return all.filter((strategy) => {
      const isOvertaken = strategy.enteredAt !== null && sentAt !== undefined && sentAt < strategy.enteredAt;
      return (
        strategy.strategyId === strategyId && !enabled && !isOvertaken && !isOnBeside(strategy.words, consents, data)
      );
    });
  }
  const { what } = data;
  if (what === 'approved') return [];
  const after = (status: 'approved' | typeof what): KnownConsents => {
    const known = { ...consents };
    hearConsent(known, data, { status, since: '' });
    return known;
  };
  const [before, now] = [after('approved'), after(what)];
  return all.filter((strategy) => isLeft(strategy, now) && !isLeft(strategy, before));
}

const isLeft = (strategy: Strategy, consents: KnownConsents): boolean =>
  withdrawnAt(consents, strategy.integrationId) !== null || isSwitchedOn(strategy, consents) === false;
