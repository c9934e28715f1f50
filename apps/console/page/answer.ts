import { useEffect, useState } from 'preact/hooks';
import { againAfter, read, reasonOf } from './api.ts';
import { listen } from './live.ts';
import { looking } from './looking.ts';

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
    const looks = looking(async (gone) => {
      try {
        const answer = await read<Answer>(address, gone);
        setKnown({ answer, error: null, isFresh: true, address });
        return everyMs;
      } catch (failure) {
        if (gone.aborted) return undefined;
        setKnown((before) => ({
          answer: before.address === address ? before.answer : null,
          error: reasonOf(failure),
          isFresh: false,
          address,
        }));
        return everyMs ?? againAfter(failure);
      }
    });
    looks.within(0);
    const unlisten = live ? listen(() => looks.within(LEAST_PAUSE_MS)) : undefined;
    return () => {
      looks.stop();
      unlisten?.();
    };
  }, [address, live, everyMs]);
  return known.address === address ? known : NOTHING;
}
