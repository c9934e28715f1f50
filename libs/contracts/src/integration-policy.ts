// What an operator may decide about the signals of an integration. The first value of each holds until someone does.
import { z } from 'zod';
import type { IntegrationId } from './primitives.ts';

const policy = <Name extends string, const Values extends readonly [string, ...string[]]>(name: Name, values: Values) =>
  z.strictObject({ policy: z.literal(name), value: z.enum(values) });

export const IntegrationPolicy = z.discriminatedUnion('policy', [
  /** What becomes of what a strategy holds once it is disabled, or its integration withdrawn: nobody will close it. */
  policy('on_disable', ['leave_open', 'close']),
  /** An entry that finds another position of its strategy: the exit of that one may have been missed. */
  policy('missed_close_policy', ['reject', 'close_then_open']),
  /** What the sender is told by the deadline while the outcome is not known. */
  policy('on_deadline', ['error', 'ok']),
  /** Whether a quantity between two steps of the volume counts as the lower one, instead of being refused. */
  policy('round_down', ['off', 'on']),
  /** Whether an exit of what is closed already is refused, instead of being done. */
  policy('strict_position_not_found', ['off', 'on']),
  /** Whether signals are decided and recorded only: nothing is asked of the broker. */
  policy('shadow', ['off', 'on']),
]);
export type IntegrationPolicy = z.output<typeof IntegrationPolicy>;

type ValueOf<Name extends IntegrationPolicy['policy']> = Extract<IntegrationPolicy, { policy: Name }>['value'];

/** What holds for an integration, by name. */
export type IntegrationPolicies = { readonly [Name in IntegrationPolicy['policy']]: ValueOf<Name> };

const UNDECIDED: IntegrationPolicies = {
  on_disable: 'leave_open',
  missed_close_policy: 'reject',
  on_deadline: 'error',
  round_down: 'off',
  strict_position_not_found: 'off',
  shadow: 'off',
};

/** What was decided, of every integration about which anything was. */
export type DecidedPolicies = Record<IntegrationId, Partial<IntegrationPolicies>>;

export const policiesOf = (decided: DecidedPolicies, integrationId: IntegrationId): IntegrationPolicies => ({
  ...UNDECIDED,
  ...decided[integrationId],
});

/** A decision takes the place of the one before it. */
export function decidePolicy(
  decided: DecidedPolicies,
  { integrationId, set }: { readonly integrationId: IntegrationId; readonly set: IntegrationPolicy },
): void {
  decided[integrationId] = { ...decided[integrationId], [set.policy]: set.value };
}
