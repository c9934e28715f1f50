import type { Answer } from '@core/contracts/command';
import { AskedWrongly } from './asked-wrongly.ts';
import { breachInWords } from './describe-event.ts';

/** The ledger said no, and why. */
export class LedgerRefusal extends AskedWrongly {
  override readonly code = 'ledger-refusal';
}

/** The position that an accepted command led to. Throws `LedgerRefusal`. */
export function acceptedAt(answer: Answer): number {
  if (answer.ok) return answer.position;
  const { reason, text, breach } = answer.refusal;
  const why = [reason, text, breach && breachInWords(breach)].filter(Boolean);
  throw new LedgerRefusal(`the ledger refused: ${why.join(', ')}`);
}
