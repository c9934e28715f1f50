import type { LogLine } from '@core/operations/log-line';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { LogAnswer } from '../../src/log.controller.ts';
import { againAfter, read, reasonOf } from '../api.ts';
import { head, listen, replacements } from '../live.ts';
import { looking } from '../looking.ts';

/** Between two looks for what came meanwhile. */
const LOOK_MS = 300;
/** Of the live end so many stay; what is older can be read again. */
const KEPT_MAX = 20_000;

export interface LogView {
  /** The newest first. */
  readonly lines: readonly LogLine[];
  /** Whether there are older ones. */
  readonly more: boolean;
  readonly error: string | null;
  /** Whether the lines are known, were it that there are none. */
  readonly isRead: boolean;
  /** Recorded since it was paused, whatever it was. */
  readonly missed: number;
  readonly readOlder: () => void;
}

interface Known {
  readonly filter: string;
  /** Of which log, by how often it was replaced before. */
  readonly log: number;
  readonly lines: readonly LogLine[];
  readonly more: boolean;
  /** Everything up to this position was looked through. */
  readonly upTo: number;
}

/** What is to be read next. */
type Wanted = 'newest' | 'older' | 'newer';

function windowOf(wanted: Wanted, { lines, upTo }: Known): string {
  if (wanted === 'newest') return 'limit=200';
  return wanted === 'older' ? `before=${lines.at(-1)?.position ?? upTo}&limit=500` : `after=${upTo}&limit=500`;
}

/** What is known with this answer too, which was asked for when the log ended at `end`. */
function withAnswer({ lines, more }: LogAnswer, wanted: Wanted, known: Known, end: number): Known {
  if (wanted === 'older') return { ...known, lines: [...known.lines, ...lines], more };
  const last = lines[0]?.position ?? 0;
  if (wanted === 'newest') return { ...known, lines, more, upTo: Math.max(last, end) };
  const all = [...lines, ...known.lines];
  return {
    ...known,
    lines: all.slice(0, KEPT_MAX),
    more: known.more || all.length > KEPT_MAX,
    upTo: more ? last : Math.max(last, end, known.upTo),
  };
}

/** What a filter lets through: the newest, older ones when they are asked for, and what comes unless it is paused. */
export function useLog(filter: string, isPaused: boolean): LogView {
  const [known, setKnown] = useState<Known | null>(null);
  const log = replacements.value;
  const [error, setError] = useState<string | null>(null);
  const latest = useRef(known);
  const wantsOlder = useRef(false);
  const hurry = useRef<() => void>(() => undefined);

  useEffect(() => {
    wantsOlder.current = false;
    const looks = looking(async (gone) => {
      const isKnown = latest.current?.filter === filter && latest.current.log === log;
      const before = (isKnown && latest.current) || { filter, log, lines: [], more: false, upTo: 0 };
      const wanted = !isKnown ? 'newest' : wantsOlder.current ? 'older' : 'newer';
      if (wanted === 'newer' && isPaused) return undefined;
      const end = head.peek();
      try {
        const answer = await read<LogAnswer>(`/api/log?${windowOf(wanted, before)}&${filter}`, gone);
        const after = withAnswer(answer, wanted, before, end);
        latest.current = after;
        setKnown(after);
        setError(null);
        if (wanted === 'older') wantsOlder.current = false;
        return wanted === 'older' || (wanted === 'newer' && answer.more) ? LOOK_MS : undefined;
      } catch (failure) {
        if (gone.aborted) return undefined;
        setError(reasonOf(failure));
        return againAfter(failure);
      }
    });
    hurry.current = () => looks.within(0);
    looks.within(0);
    const unlisten = listen(() => looks.within(LOOK_MS));
    return () => {
      looks.stop();
      unlisten();
    };
  }, [filter, log, isPaused]);

  const readOlder = useCallback(() => {
    if (wantsOlder.current || !latest.current?.more) return;
    wantsOlder.current = true;
    hurry.current();
  }, []);

  const heldAt = useMemo(() => head.peek(), [log, isPaused]);
  const shown = known?.filter === filter && known.log === log ? known : null;
  return {
    lines: shown?.lines ?? [],
    more: shown?.more ?? false,
    isRead: shown !== null,
    missed: isPaused ? head.value - heldAt : 0,
    ...{ error, readOlder },
  };
}
