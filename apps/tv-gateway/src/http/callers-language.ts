import { languageOf, type Language } from '@core/kernel/language';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The language of a request's `locale`, in its address or its form; English where it names none of ours. */
export const callersLanguage = ({ query, body }: Pick<FastifyRequest, 'query' | 'body'>): Language =>
  languageOf(localeIn(query)) ?? languageOf(localeIn(body)) ?? 'en';

/** Whoever asks for it answers in it, which the answer says. */
export const CallersLanguage = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const http = context.switchToHttp();
  const language = callersLanguage(http.getRequest<FastifyRequest>());
  void http.getResponse<FastifyReply>().header('content-language', language);
  return language;
});

const localeIn = (fields: unknown): unknown =>
  typeof fields === 'object' && fields !== null && 'locale' in fields ? fields.locale : undefined;
