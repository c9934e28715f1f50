/** A way of asking that cannot be run: a sentence, and what to do about it. Exit code 2. */
export class UsageError extends Error {}
