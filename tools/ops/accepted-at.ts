import type { Answer } from '@core/contracts/command';
import { BadInput } from './bad-input.ts';

/** The position that an accepted command led to; a refusal becomes bad input with the ledger's reason. */
export function acceptedAt(answer: Answer): number {
  if (answer.ok) return answer.position;
  const { reason, text } = answer.refusal;
  throw new BadInput(`the ledger refused: ${reason}${text === null ? '' : `, ${text}`}`);
}
