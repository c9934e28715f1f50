import { z } from 'zod';
import { answerOf, UnixSeconds } from './envelope.ts';

/** `POST /authorize`. */
export const AuthorizeAnswer = answerOf(z.strictObject({ access_token: z.string().min(1), expiration: UnixSeconds }));
export type AuthorizeAnswer = z.output<typeof AuthorizeAnswer>;
