import type { CloseReason } from '@core/contracts/events/position';

/** Square or round brackets, then the mark; a stop-out's figures follow (seed §6.7, wire-behaviour §7.11). */
const ANNOTATION = /[[(]\s*(S\/L|T\/P|S\/O)\b/;

const REASONS: Readonly<Record<string, CloseReason>> = {
  'S/L': 'stop-loss',
  'T/P': 'take-profit',
  'S/O': 'stop-out',
};

/** Why a position was closed, from the comment of the closing deal: a comment without annotation means a person did. */
export function closeReasonOf(comment: string): CloseReason {
  const mark = ANNOTATION.exec(comment)?.[1];
  return (mark === undefined ? undefined : REASONS[mark]) ?? 'user';
}
