const PAUSE_MIN_MS = 10;
const PAUSE_MAX_MS = 100;

/**
 * Resolves once `condition` holds; `false` when it did not within the time. It is looked at every few milliseconds at
 * first and the more rarely the longer it takes, so that waiting costs little of what is waited for.
 */
export async function within(timeoutMs: number, condition: () => boolean | Promise<boolean>): Promise<boolean> {
  const beganMs = performance.now();
  while (!(await condition())) {
    const waitedMs = performance.now() - beganMs;
    if (waitedMs > timeoutMs) return false;
    const pauseMs = Math.min(Math.max(PAUSE_MIN_MS, waitedMs / 10), PAUSE_MAX_MS);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return true;
}
