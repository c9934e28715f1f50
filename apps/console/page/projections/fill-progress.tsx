import { useRef } from 'preact/hooks';
import { count } from '../words.ts';
import { secondsLeft, type Sighting } from '@core/operations/seconds-left';

interface FillProgressProps {
  readonly position: number;
  readonly behind: number;
}

/** How much of the log is folded, and how long the rest takes at the pace that was seen since the page was opened. */
export function FillProgress({ position, behind }: FillProgressProps) {
  const sighted: Sighting = { position, atMs: performance.now() };
  const first = useRef(sighted);
  const left = secondsLeft(first.current, sighted, behind);
  const head = position + behind;
  return (
    <div class="fill">
      <progress max={head} value={position} aria-label="Filled" />
      <span class="quiet">
        {count(Math.floor((position / Math.max(1, head)) * 100))} %,{' '}
        {left === null ? 'no estimate yet' : `${count(left)} s left`}
      </span>
    </div>
  );
}
