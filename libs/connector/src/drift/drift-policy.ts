import type { CommandBody } from '@core/contracts/command';
import type { Drift } from '@core/contracts/events/account';

/** Why the broker is asked. At a start and on reconnecting nobody has listened: differences are to be expected. */
export type Occasion = 'start' | 'reconnect' | 'periodic' | 'question';

/**
 * What a difference between the broker and the log leads to, beside being told in metrics, logs and `AccountReconciled`.
 * `adopt`: the broker is right, and inferred events make the log say the same. `observe`: nothing is invented; the log
 * stays as it is, the account is not clean, and a person decides. `close-only`, `halt`: as `adopt`, and the account
 * trades no further until an operator has looked.
 */
export type DriftPolicy = 'adopt' | 'observe' | 'close-only' | 'halt';

export type DriftPolicies = Readonly<Record<Drift['kind'], DriftPolicy>>;

export interface DriftRules {
  /** In a session: the stream should have told. */
  readonly listening: DriftPolicies;
  /** At its beginning: what happened while nobody listened. */
  readonly away: DriftPolicies;
}

const SEVERITY: readonly DriftPolicy[] = ['adopt', 'observe', 'close-only', 'halt'];
const OPERATOR = 'reconciliation';

const nobodyListened = (occasion: Occasion): boolean => occasion === 'start' || occasion === 'reconnect';

export const policiesOn = (occasion: Occasion, { listening, away }: DriftRules): DriftPolicies =>
  nobodyListened(occasion) ? away : listening;

/** The strictest policy that the drifts call for. */
export function policyFor(drifts: readonly Drift[], policies: DriftPolicies): DriftPolicy {
  const strictest = Math.max(0, ...drifts.map(({ kind }) => SEVERITY.indexOf(policies[kind])));
  return SEVERITY[strictest] ?? 'halt';
}

/**
 * Whether what was found speaks for itself: nothing, or what went on at the broker while nobody listened, as far as its
 * own records say how it came about and the operator takes it as it comes.
 */
export function isClean(
  occasion: Occasion,
  { drifts, isExplained }: { readonly drifts: readonly Drift[]; readonly isExplained: boolean },
  policies: DriftPolicies,
): boolean {
  if (drifts.length === 0) return true;
  return nobodyListened(occasion) && isExplained && policyFor(drifts, policies) === 'adopt';
}

/** The command that carries a policy out; null where it takes none. */
export function commandFor(policy: DriftPolicy, drifts: readonly Drift[]): CommandBody | null {
  const note = `drift: ${drifts.map(({ kind, brokerKey }) => `${kind} ${brokerKey}`.trim()).join(', ')}`.slice(0, 512);
  if (policy === 'halt') return { type: 'HaltTrading', data: { operator: OPERATOR, note } };
  if (policy === 'close-only') return { type: 'SetCloseOnly', data: { operator: OPERATOR, note, closeOnly: true } };
  return null;
}
