import type { Language } from '@core/kernel/language';
import { say, type UserText } from '@core/tradingview/texts/user-text';
import { failureAnswer } from '@core/tradingview/wire/envelope';
import type { FastifyReply } from 'fastify';

/** What became of a request. Most of what is not `ok` has the status 200. */
export type ReplyOutcome = 'ok' | 'refused' | 'failed';

const outcomes = new WeakMap<FastifyReply, ReplyOutcome>();

/** Why something was not done, in the envelope. */
export function replyFailure(
  reply: FastifyReply,
  language: Language,
  text: UserText,
  outcome: Exclude<ReplyOutcome, 'ok'> = 'refused',
): void {
  outcomes.set(reply, outcome);
  void reply.header('content-language', language).send(failureAnswer(say(language, text)));
}

/** Of an answered request. */
export const outcomeOf = (reply: FastifyReply): ReplyOutcome =>
  outcomes.get(reply) ?? (reply.statusCode >= 500 ? 'failed' : reply.statusCode >= 400 ? 'refused' : 'ok');
