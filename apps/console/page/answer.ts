import { useEffect, useState } from 'preact/hooks';
import { NotAnswered, read } from './api.ts';
import { listen } from './live.ts';
import { unawaited } from './unawaited.ts';

/** What is known of an answer: the last one stays while the next is on its way, or cannot be had. */
export interface KnownAnswer<Answer> {
  readonly answer: Answer | null;
  /** Why the last attempt brought none. */
  readonly error: string | null;
  readonly isFresh: boolean;
}

const NOTHING = { answer: null, error: null, isFresh: false };

/** Between two readings for the sake of what was recorded meanwhile. */
const LEAST_PAUSE_MS = 1_000;

/** Until whoever could not be asked is asked again. */
const AGAIN_MS = 3_000;

interface Refreshing {
  /** Whether what is recorded may change it. */
  readonly live?: boolean;
  /** Read again after so long in any case. */
  readonly everyMs?: number;
}

/** Reads an address of the API, and again when it may have changed. Without an address it reads nothing. */
export function useAnswer<Answer>(
  address: string | null,
  { live = false, everyMs }: Refreshing = {},
): KnownAnswer<Answer> {
  const [known, setKnown] = useState<KnownAnswer<Answer> & { address: string | null }>({ ...NOTHING, address });
  useEffect(() => {
    if (address === null) return undefined;
    const gone = new AbortController();
    let timer: number | undefined;
    let reading = false;
    const look = async (): Promise<void> => {
      if (reading) return;
      reading = true;
      window.clearTimeout(timer);
      let next = everyMs;
      try {
        const answer = await read<Answer>(address, gone.signal);
        setKnown({ answer, error: null, isFresh: true, address });
      } catch (error) {
        if (gone.signal.aborted) return;
        const text = error instanceof NotAnswered ? error.message : String(error);
        // What was asked wrongly stays wrong; whoever was away may be back.
        if (!(error instanceof NotAnswered) || error.status === 0 || error.status >= 500) next ??= AGAIN_MS;
        setKnown((before) => ({
          answer: before.address === address ? before.answer : null,
          error: text,
          isFresh: false,
          address,
        }));
      }
      reading = false;
      timer = next === undefined ? undefined : window.setTimeout(() => unawaited(look()), next);
    };
    unawaited(look());
    const soon = (): void => {
      if (reading) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => unawaited(look()), LEAST_PAUSE_MS);
    };
    const unlisten = live ? listen(soon) : undefined;
    return () => {
      gone.abort();
      window.clearTimeout(timer);
      unlisten?.();
    };
  }, [address, live, everyMs]);
  return known.address === address ? known : NOTHING;
}
