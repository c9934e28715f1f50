/** Either a value or the reason there is none. Business outcomes are values; only bugs and operating failures throw. */
export type Result<Value, Reason> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: Reason };

export const ok = <Value>(value: Value): Result<Value, never> => ({ ok: true, value });
export const err = <Reason>(error: Reason): Result<never, Reason> => ({ ok: false, error });
