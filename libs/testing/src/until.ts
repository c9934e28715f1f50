import { within } from '@core/machine/within';

/** A bound against hanging, far from what anything needs that a spec waits for: a busy machine is slow. */
export const PATIENCE_MS = 120_000;

/** Resolves once `condition` holds; rejects when it does not for too long, so that a spec fails instead of hanging. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number = PATIENCE_MS,
): Promise<void> {
  if (!(await within(timeoutMs, condition))) throw new Error(`not true within ${timeoutMs} ms: ${condition}`);
}
