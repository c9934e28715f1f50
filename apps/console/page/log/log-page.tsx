import { computed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { query, withQuery } from '../address.ts';
import { Failure } from '../parts/failure.tsx';
import { count } from '../words.ts';
import { EventPanel } from './event-panel.tsx';
import { LogFilters } from './log-filters.tsx';
import { LogTable } from './log-table.tsx';
import { useLog } from './use-log.ts';

const SHOWN = ['open', 'paused'];

/** The part of the address that says what is wanted: the server reads it as it stands here. */
const filter = computed(() => {
  const wanted = new URLSearchParams(query.value);
  for (const name of SHOWN) wanted.delete(name);
  wanted.sort();
  return wanted.toString();
});

/** Everything that was recorded, or what of it is looked for. */
export function LogPage() {
  const isPaused = query.value.has('paused');
  const log = useLog(filter.value, isPaused);
  const open = query.value.get('open');
  useEffect(() => void (document.title = 'Log · Trading core'), []);
  return (
    <div class="log-page">
      <header class="page-head">
        <h1>Log</h1>
        <p class="quiet" aria-live="polite">
          {count(log.lines.length)}
          {log.more ? ' of more' : ''} shown
          {isPaused && log.missed > 0 && `, ${count(log.missed)} recorded since`}
        </p>
        <span class="actions">
          <a class="button" href={withQuery({ paused: isPaused ? null : '1' })} aria-pressed={isPaused} role="button">
            {isPaused ? 'Resume' : 'Pause'}
          </a>
          <a class="button" href={`/api/log/export?format=ndjson&${filter.value}`} download>
            NDJSON
          </a>
          <a class="button" href={`/api/log/export?format=csv&${filter.value}`} download>
            CSV
          </a>
        </span>
      </header>
      <LogFilters filter={filter.value} />
      {log.error !== null && <Failure text={log.error} />}
      <div class={open ? 'log-body opened' : 'log-body'}>
        <LogTable log={log} open={open} />
        {open && <EventPanel position={open} />}
      </div>
    </div>
  );
}
