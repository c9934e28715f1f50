/** What makes a decision grave: how many live accounts it concerns, and whether everyone, whoever that will be. */
export interface Gravity {
  readonly isEveryone: boolean;
  readonly live: number;
}

/** Whether it is asked once more before it is done. */
export const isGrave = ({ isEveryone, live }: Gravity): boolean => isEveryone || live > 0;

/** What is typed before it is done, so that it is seen whose it is; null where nothing is. */
export function wordToType(decision: Gravity): 'everyone' | 'live' | null {
  if (!isGrave(decision)) return null;
  return decision.isEveryone ? 'everyone' : 'live';
}
