import type { LogLine } from '@core/operations/log-line';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { LogAnswer } from '../../src/log.controller.ts';
import { NotAnswered, read } from '../api.ts';
import { head, listen } from '../live.ts';
import { unawaited } from '../unawaited.ts';

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
  readonly isReading: boolean;
  /** Recorded since it was paused, whatever it was. */
  readonly missed: number;
  readonly readOlder: () => void;
}

interface Loaded {
  readonly filter: string;
  readonly lines: readonly LogLine[];
  readonly more: boolean;
}

/** What a filter lets through: the newest, older ones when they are asked for, and what comes unless it is paused. */
export function useLog(filter: string, isPaused: boolean): LogView {
  const [loaded, setLoaded] = useState<Loaded>({ filter, lines: [], more: true });
  const [error, setError] = useState<string | null>(null);
  const [isReading, setReading] = useState(true);
  const state = useRef(loaded);
  state.current = loaded;

  const ask = useCallback(
    async (where: string, signal?: AbortSignal): Promise<LogAnswer | null> => {
      try {
        const answer = await read<LogAnswer>(`/api/log?${where}&${filter}`, signal);
        setError(null);
        return answer;
      } catch (failure) {
        if (!signal?.aborted) setError(failure instanceof NotAnswered ? failure.message : String(failure));
        return null;
      }
    },
    [filter],
  );

  useEffect(() => {
    const gone = new AbortController();
    setReading(true);
    unawaited(
      ask('limit=200', gone.signal).then((answer) => {
        if (gone.signal.aborted) return;
        setLoaded({ filter, lines: answer?.lines ?? [], more: answer?.more ?? false });
        setReading(false);
      }),
    );
    return () => gone.abort();
  }, [ask, filter]);

  useEffect(() => {
    if (isPaused) return undefined;
    const gone = new AbortController();
    let timer: number | undefined;
    const look = async (): Promise<void> => {
      timer = undefined;
      const top = state.current.lines[0]?.position ?? 0;
      const answer = state.current.filter === filter ? await ask(`after=${top}&limit=500`, gone.signal) : null;
      if (answer === null || gone.signal.aborted) return;
      setLoaded((before) =>
        before.filter === filter && (before.lines[0]?.position ?? 0) === top
          ? { ...before, lines: [...answer.lines, ...before.lines].slice(0, KEPT_MAX) }
          : before,
      );
      if (answer.more) soon();
    };
    const soon = (): void => {
      timer ??= window.setTimeout(() => unawaited(look()), LOOK_MS);
    };
    soon();
    const unlisten = listen(soon);
    return () => {
      gone.abort();
      window.clearTimeout(timer);
      unlisten();
    };
  }, [ask, filter, isPaused]);

  const reading = useRef(false);
  const readOlder = useCallback(() => {
    const { lines, more } = state.current;
    const last = lines.at(-1);
    if (reading.current || !more || last === undefined) return;
    reading.current = true;
    unawaited(
      ask(`before=${last.position}&limit=500`).then((answer) => {
        reading.current = false;
        if (answer === null) return;
        setLoaded((before) =>
          before.filter === filter
            ? { ...before, lines: [...before.lines, ...answer.lines], more: answer.more }
            : before,
        );
      }),
    );
  }, [ask, filter]);

  const heldAt = useMemo(() => head.peek(), [isPaused]);
  const isCurrent = loaded.filter === filter;
  return {
    lines: isCurrent ? loaded.lines : [],
    more: isCurrent && loaded.more,
    isReading: isReading || !isCurrent,
    missed: isPaused ? head.value - heldAt : 0,
    ...{ error, readOlder },
  };
}
