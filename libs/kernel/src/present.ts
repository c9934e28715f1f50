/** The value, or a crash that says which assumption did not hold. For what cannot be missing in a legal history. */
export function present<Value>(value: Value | null | undefined, assumption: string): Value {
  if (value === null || value === undefined) throw new Error(assumption);
  return value;
}
