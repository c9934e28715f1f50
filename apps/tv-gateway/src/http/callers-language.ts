import { languageOf, type Language } from '@core/kernel/language';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The language of a request's `locale`, in its address or its form; English where it names none of ours. */
export const callersLanguage = ({ query, body }: Pick<FastifyRequest, 'query' | 'body'>): Language =>
  languageOf(localeIn(query)) ?? languageOf(localeIn(body)) ?? 'en';

export const CallersLanguage = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callersLanguage(context.switchToHttp().getRequest<FastifyRequest>()),
);

const localeIn = (fields: unknown): unknown =>
  typeof fields === 'object' && fields !== null && 'locale' in fields ? fields.locale : undefined;
