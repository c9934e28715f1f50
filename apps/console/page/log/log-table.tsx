import { useEffect, useRef } from 'preact/hooks';
import { accountName } from '../accounts.ts';
import { withQuery } from '../address.ts';
import { EventType } from '../parts/event-line.tsx';
import { clock, count, moment } from '../words.ts';
import type { LogView } from './use-log.ts';
import { useRows } from './use-rows.ts';

/** On a telephone a line’s words stand below its type. */
const narrow = matchMedia('(max-width: 860px)');
const rowPx = (): number => (narrow.matches ? 52 : 30);

/** The lines that are in sight, and no others: there may be a hundred thousand. */
export function LogTable({ log, open }: { readonly log: LogView; readonly open: string | null }) {
  const box = useRef<HTMLDivElement>(null);
  const { lines, more, isRead, error, readOlder } = log;
  const rows = useRows(box, lines.length, rowPx());
  const last = rows.items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= lines.length - 40) readOlder();
  }, [last, lines.length, more, readOlder]);
  return (
    <div class="card log-table" role="table" aria-label="Events, the newest first" aria-rowcount={lines.length + 1}>
      <div class="log-row head" role="row">
        {['position', 'recorded', 'account', 'type', 'what'].map((name) => (
          <span key={name} role="columnheader">
            {name}
          </span>
        ))}
      </div>
      <div class="log-lines" ref={box} tabIndex={0} role="rowgroup" aria-label="Events">
        {lines.length === 0 && (isRead || error === null) && (
          <div role="row">
            <p class={isRead ? 'empty' : 'waiting'} role="cell">
              {isRead ? 'Nothing that was recorded is like that.' : 'Reading…'}
            </p>
          </div>
        )}
        <div style={{ height: `${rows.totalPx}px`, position: 'relative' }} role="presentation">
          {rows.items.map(({ index, startPx }) => {
            const line = lines[index];
            if (!line) return null;
            const isOpen = open === String(line.position);
            return (
              <div
                key={line.position}
                class={isOpen ? 'log-row open' : 'log-row'}
                role="row"
                aria-rowindex={index + 2}
                style={{ transform: `translateY(${startPx}px)` }}
              >
                <span role="cell">
                  <a href={withQuery({ open: isOpen ? null : String(line.position) })}>{count(line.position)}</a>
                </span>
                <time role="cell" title={moment(line.recorded)}>
                  <span class="day">{line.recorded.slice(5, 10)} </span>
                  {clock(line.recorded)}
                </time>
                <span role="cell">{accountName(line.account)}</span>
                <span role="cell">
                  <EventType type={line.type} />
                </span>
                <span role="cell" title={line.words}>
                  {line.words}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
