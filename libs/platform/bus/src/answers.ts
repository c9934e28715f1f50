import { subjects } from '@core/contracts/subjects';
import type { Msg } from 'nats';

/** Answers a question where such answers go: elsewhere it would be somebody else's word in our name. */
const answering = (subjectOf: (question: '*') => string) => {
  const answers = subjectOf('*').replace('*', '');
  return (question: Msg, answer: Uint8Array): void => {
    if (question.reply?.startsWith(answers)) question.respond(answer);
  };
};

export const answerMarket = answering(subjects.marketAnswer);
export const answerLook = answering(subjects.brokerAnswer);
