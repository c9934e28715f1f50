import type { Language } from '@core/kernel/language';
import { say, type UserText } from '@core/tradingview/texts/user-text';
import { failureAnswer } from '@core/tradingview/wire/envelope';
import type { FastifyReply } from 'fastify';

/** Why something was not done, in the envelope. */
export function replyFailure(reply: FastifyReply, language: Language, text: UserText): void {
  void reply.header('content-language', language).send(failureAnswer(say(language, text)));
}
