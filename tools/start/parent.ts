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
