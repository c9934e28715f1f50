import { backoffMs, type BackoffLimits } from '@core/kernel/backoff';
import { err, ok, type Result } from '@core/kernel/result';
import { setTimeout as pause } from 'node:timers/promises';

export interface Retrying {
  /** How often in a row it may fail. */
  readonly retries: number;
  readonly pauses: BackoffLimits;
  /** Ends the pauses, and nothing is asked again. */
  readonly signal: AbortSignal;
  /** Grows while there is progress: a failure after some is the first in its row. */
  progress(): number;
}

/** Asks until it is answered. Throws the last error when that failed too often in a row. */
export async function retrying(
  ask: () => Promise<Result<unknown, unknown>>,
  { retries, pauses, signal, progress }: Retrying,
): Promise<void> {
  for (let failures = 0; ;) {
    const before = progress();
    const answer = await ask();
    if (signal.aborted || answer.ok) return;
    failures = progress() > before ? 1 : failures + 1;
    if (failures > retries) throw answer.error;
    await pause(backoffMs(pauses, failures), undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** What may fail and be tried again, apart from what passes through. */
export async function attempt<Value>(work: () => Promise<Value>): Promise<Result<Value, unknown>> {
  try {
    return ok(await work());
  } catch (error) {
    return err(error);
  }
}
