import type { Answer } from '@core/contracts/command';
import { AskedWrongly } from './asked-wrongly.ts';
import { breachInWords } from './describe-event.ts';

/** The ledger said no, and why. */
export class LedgerRefusal extends AskedWrongly {
  override readonly code = 'ledger-refusal';
}

/** What an accepted command came to. */
export interface Accepted {
  /** The last event that it led to, or the end of the log where it led to none. */
  readonly position: number;
  /** Whether it led to any: where it was so already, nothing is recorded. */
  readonly changed: boolean;
}

/** Throws `LedgerRefusal`. */
export function accepted(answer: Answer): Accepted {
  if (answer.ok) return { position: answer.position, changed: answer.eventIds.length > 0 };
  const { reason, text, breach } = answer.refusal;
  const why = [reason, text, breach && breachInWords(breach)].filter(Boolean);
  throw new LedgerRefusal(`the ledger refused: ${why.join(', ')}`);
}

/** The position alone. Throws `LedgerRefusal`. */
export const acceptedAt = (answer: Answer): number => accepted(answer).position;

/** For people: what was done, or that nothing was. */
export const acceptedInWords = ({ position, changed }: Accepted, whose: string, done: string): string =>
  changed ? `${done}, at position ${position}` : `${whose}: it was so already, and nothing is recorded`;
