/** Ends an exhaustive `switch`: a case nobody handled does not compile, and throws if the data lied about its type. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
