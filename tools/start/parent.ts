const LOOK_MS = 500;

/**
 * Calls back once the process that started this one is gone. npm does not hand on a SIGTERM that a supervisor or a script
 * sends it, and nobody hands on a SIGKILL: an orphan finds another parent and nothing else tells it.
 */
export function whenParentIsGone(gone: () => void): void {
  const { ppid } = process;
  const looking = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(looking);
    gone();
  }, LOOK_MS);
  looking.unref();
}

/** Ends at once when whoever started it is gone, or wants it gone: servers and services end with this process. */
export function endWithWhoeverStarted(): void {
  whenParentIsGone(() => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
}
