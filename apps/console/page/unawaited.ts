/** Begins work that nobody waits for: what it fails with is the browser's to tell, as of everything else that breaks. */
export function unawaited(work: Promise<unknown>): void {
  work.catch((error: unknown) => reportError(error));
}
