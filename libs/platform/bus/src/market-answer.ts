import { subjects } from '@core/contracts/subjects';
import type { Msg } from 'nats';

const ANSWERS = subjects.marketAnswer('*').replace('*', '');

/** Answers a question about a market where such answers go: elsewhere it would be somebody else's word in our name. */
export function answerMarket(question: Msg, answer: Uint8Array): void {
  if (question.reply?.startsWith(ANSWERS)) question.respond(answer);
}
