import type { RecordedEvent } from '@core/contracts/event';
import { accountName } from '../accounts.ts';
import { withQuery } from '../address.ts';
import { useAnswer } from '../answer.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { EventType } from '../parts/event-line.tsx';
import { Failure } from '../parts/failure.tsx';
import { Facts } from '../parts/facts.tsx';
import { count, moment } from '../words.ts';

/** One event whole, beside the others. */
export function EventPanel({ position }: { readonly position: string }) {
  const { answer, error } = useAnswer<RecordedEvent>(`/api/log/${encodeURIComponent(position)}`);
  return (
    <aside class="card panel" aria-label="One event">
      <header>
        <h2>{answer ? <EventType type={answer.type} /> : 'Event'}</h2>
        <a class="close" href={withQuery({ open: null })}>
          Close
        </a>
      </header>
      {error !== null && <Failure text={error} />}
      {answer && <EventFacts event={answer} />}
    </aside>
  );
}

/** An event’s place and what it tells. */
function EventFacts({ event }: { readonly event: RecordedEvent }) {
  const json = JSON.stringify(event.data, null, 2);
  return (
    <>
      <Facts
        facts={[
          ['position', count(event.position)],
          ['account', accountName(event.subject)],
          ['its event', count(event.version)],
          ['recorded', moment(event.recordedtime)],
          ['happened', moment(event.time)],
          ['source', event.source],
          ['id', <code key="id">{event.id}</code>],
          ['correlation', <code key="correlation">{event.correlationid}</code>],
          ['cause', event.causationid === null ? 'none' : <code key="cause">{event.causationid}</code>],
        ]}
      />
      <div class="raw">
        <a href={`/thing/${event.id}`}>What led to it, and what came of it</a>{' '}
        <CopyButton text={JSON.stringify(event, null, 2)} what="the whole event" />
        <pre tabIndex={0}>{json}</pre>
      </div>
    </>
  );
}
