import { unawaited } from './unawaited.ts';

/** Looks that are repeated, one at a time. */
interface Looks {
  /** The next one begins so soon, or sooner if that was asked for; during a look: after it. */
  within(ms: number): void;
  stop(): void;
}

/** `look` answers in how many milliseconds it is due again by itself, if it is. Its signal says that nobody wants it any more. */
export function looking(look: (gone: AbortSignal) => Promise<number | undefined>): Looks {
  const gone = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = Infinity;
  let isLooking = false;
  const begin = async (): Promise<void> => {
    dueAt = Infinity;
    isLooking = true;
    const again = await look(gone.signal).finally(() => (isLooking = false));
    within(again ?? Infinity);
  };
  const within = (ms: number): void => {
    dueAt = Math.min(dueAt, performance.now() + ms);
    if (isLooking || gone.signal.aborted || dueAt === Infinity) return;
    clearTimeout(timer);
    timer = setTimeout(() => unawaited(begin()), dueAt - performance.now());
  };
  const stop = (): void => {
    gone.abort();
    clearTimeout(timer);
  };
  return { within, stop };
}
