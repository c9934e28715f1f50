/** What was expected, what came, and the request it came for. */
export interface Fault {
  readonly expected: string;
  readonly got: string;
  readonly at?: string;
}

/** What a check found: `warned` is advice, and fails no run. */
export type Verdict =
  | { readonly kind: 'passed'; readonly note?: string }
  | { readonly kind: 'failed' | 'warned'; readonly faults: readonly Fault[] }
  | { readonly kind: 'skipped'; readonly reason: string };

/** Passed where there is nothing against it; `note` says how much was looked at. */
export const judged = (faults: readonly Fault[], note?: string): Verdict =>
  faults.length > 0 ? { kind: 'failed', faults } : { kind: 'passed', ...(note === undefined ? {} : { note }) };

/** As `judged`, where the contract advises and does not demand. */
export const advised = (faults: readonly Fault[], note?: string): Verdict => {
  const verdict = judged(faults, note);
  return verdict.kind === 'failed' ? { ...verdict, kind: 'warned' } : verdict;
};

export const skipped = (reason: string): Verdict => ({ kind: 'skipped', reason });

/** An answer that a check cannot go on with. */
export class UnfitAnswer extends Error {
  constructor(readonly fault: Fault) {
    super(`expected ${fault.expected}, got ${fault.got}`);
  }
}

/** Something that a check stands on and that another check has reported already. */
export class MissingGround extends Error {}

/** What everything is skipped for that asks with a token, where the run has none. */
export const NOBODY_LOGGED_IN = 'nobody could log in';
