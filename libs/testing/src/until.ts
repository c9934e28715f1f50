import { within } from '@core/machine/within';

/** Resolves once `condition` holds; rejects after `timeoutMs`, so that a spec fails instead of hanging. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
  if (!(await within(timeoutMs, condition))) throw new Error(`not true within ${timeoutMs} ms: ${condition}`);
}
