import type { Wish } from '@core/contracts/command';
import type { Drift } from '@core/contracts/events/account';

/**
 * What a difference that a healthy session should not have leads to, beside being told. `adopt`: nothing, the broker is
 * right. `observe`: an alarm. `close-only`, `halt`: the account trades no further until an operator has looked.
 */
export type DriftPolicy = 'adopt' | 'observe' | 'close-only' | 'halt';

export type DriftPolicies = Readonly<Record<Drift['kind'], DriftPolicy>>;

const SEVERITY: readonly DriftPolicy[] = ['adopt', 'observe', 'close-only', 'halt'];
const OPERATOR = 'reconciliation';

/** The strictest policy that the drifts call for. */
export function policyFor(drifts: readonly Drift[], policies: DriftPolicies): DriftPolicy {
  const strictest = Math.max(0, ...drifts.map(({ kind }) => SEVERITY.indexOf(policies[kind])));
  return SEVERITY[strictest] ?? 'halt';
}

/** The command that carries a policy out; null where it takes none. */
export function wishOf(policy: DriftPolicy, drifts: readonly Drift[]): Wish | null {
  const note = `drift: ${drifts.map(({ kind, brokerKey }) => `${kind} ${brokerKey}`.trim()).join(', ')}`.slice(0, 512);
  if (policy === 'halt') return { type: 'HaltTrading', data: { operator: OPERATOR, note } };
  if (policy === 'close-only') return { type: 'SetCloseOnly', data: { operator: OPERATOR, note, closeOnly: true } };
  return null;
}
