import type { CauseBranch } from '../../src/things.ts';
import { EventType } from '../parts/event-line.tsx';
import { clock, count, duration, moment } from '../words.ts';

/** Causes and what they led to, as a tree. */
export function Branches({ branches }: { readonly branches: readonly CauseBranch[] }) {
  return (
    <ul class="tree">
      {branches.map(({ line, afterMs, led }) => (
        <li key={line.id}>
          <a href={`/log?to=${line.position}&open=${line.position}&noise=on`}>{count(line.position)}</a>{' '}
          <EventType type={line.type} /> <span>{line.words}</span>{' '}
          <time class="quiet" title={moment(line.recorded)}>
            {afterMs === null
              ? clock(line.recorded)
              : `+${afterMs < 1_000 ? `${Math.round(afterMs)} ms` : duration(afterMs)}`}
          </time>
          {led.length > 0 && <Branches branches={led} />}
        </li>
      ))}
    </ul>
  );
}
