/** What a run has broken, by the names that docs/invariants.md explains. */
export type RuleName =
  | 'acknowledged'
  | 'once'
  | 'gap-free'
  | 'heard'
  | 'versions'
  | 'fold'
  | 'chain'
  | 'checkpoints'
  | 'accounted'
  | 'agreement'
  | 'caught-up'
  | 'sent-once'
  | 'outcome'
  | 'one-order'
  | 'broker-agrees';

export interface Violation {
  readonly rule: RuleName;
  /** Where in the log; null where it has no place there. */
  readonly position: number | null;
  readonly what: string;
}

export const violationText = ({ rule, position, what }: Violation): string =>
  position === null ? `${rule}: ${what}` : `${rule}: position ${position}: ${what}`;
