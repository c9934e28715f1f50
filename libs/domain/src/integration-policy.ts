import { policiesOf, type DecidedPolicies } from '@core/contracts/integration-policy';
import { nothing, record, refuse, type Decide } from './decision.ts';
import { outOfShadow } from './strategy-fold.ts';
import { isIdle, strategiesOf, type Strategies } from './strategy.ts';

type Known = { readonly policies: DecidedPolicies; readonly strategies: Strategies };

/**
 * What holds already is not decided again. Shadow begins when the integration's strategies hold nothing and await
 * nothing: what is open would have nobody to close it.
 */
export const setIntegrationPolicy: Decide<'SetIntegrationPolicy', Known> = ({ policies, strategies }, { data }) => {
  const { integrationId, set } = data;
  if (policiesOf(policies, integrationId)[set.policy] === set.value) return nothing;
  const isShadow = set.policy === 'shadow' && set.value === 'on';
  if (isShadow && !strategiesOf(strategies.byKey, integrationId).every((each) => isIdle(outOfShadow(each))))
    return refuse('strategy-not-idle');
  return record({ type: 'IntegrationPolicySet', data });
};
