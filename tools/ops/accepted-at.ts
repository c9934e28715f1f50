import type { Answer } from '@core/contracts/command';
import { BadInput } from './bad-input.ts';
import { breachInWords } from '@core/operations/describe-event';

/** The position that an accepted command led to; a refusal becomes bad input with the ledger's reason. */
export function acceptedAt(answer: Answer): number {
  if (answer.ok) return answer.position;
  const { reason, text, breach } = answer.refusal;
  const why = [reason, text, breach && breachInWords(breach)].filter(Boolean);
  throw new BadInput(`the ledger refused: ${why.join(', ')}`);
}
