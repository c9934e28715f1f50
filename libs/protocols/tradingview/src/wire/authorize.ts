import { z } from 'zod';
import { successOf, UnixSeconds } from './envelope.ts';

/** `POST /authorize`. */
export const AuthorizeAnswer = successOf(z.strictObject({ access_token: z.string().min(1), expiration: UnixSeconds }));
export type AuthorizeAnswer = z.output<typeof AuthorizeAnswer>;
