import { z } from 'zod';

/** Every answer but `/mapping` and the streams stands in this envelope; also when it fails, at HTTP 200. */
export const successOf = <Body extends z.ZodType>(d: Body) => z.strictObject({ s: z.literal('ok'), d });

export const Success = z.strictObject({ s: z.literal('ok') });

/** `errmsg` is shown to the user as it is. */
export const Failure = z.strictObject({ s: z.literal('error'), errmsg: z.string().min(1) });
export type Failure = z.output<typeof Failure>;

export const failureAnswer = (errmsg: string): Failure => ({ s: 'error', errmsg });

/** JSON numbers only; what is unknown is left out, never null. */
export const Num = z.number();

/** Whole seconds since the epoch, UTC. */
export const UnixSeconds = z.int().positive();

export const Id = z.string().min(1);
