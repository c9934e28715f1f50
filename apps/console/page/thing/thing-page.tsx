import { useEffect } from 'preact/hooks';
import type { ThingAnswer } from '../../src/things.ts';
import { accountName } from '../accounts.ts';
import { useAnswer } from '../answer.ts';
import { Card } from '../parts/card.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Failure } from '../parts/failure.tsx';
import { many } from '../words.ts';
import { Branches } from './branches.tsx';
import { LifeLine } from './life-line.tsx';
import { PriceCard } from './price-card.tsx';

/** An order, position, signal, request or event: what led to it, what came of it, and what comes next. */
export function ThingPage({ id }: { readonly id: string }) {
  const { answer, error } = useAnswer<ThingAnswer>(`/api/things/${encodeURIComponent(id)}`, { live: true });
  useEffect(
    () => void (document.title = `${answer?.kind ?? 'Thing'} ${id.slice(0, 8)} · Trading core`),
    [answer?.kind, id],
  );
  if (answer === null)
    return (
      <>
        <h1>{id}</h1>
        {error === null ? <p class="waiting">Reading…</p> : <Failure text={error} />}
      </>
    );
  return (
    <>
      <header class="page-head">
        <h1 class="capital">
          {answer.kind} <code>{answer.id.slice(0, 8)}</code>
        </h1>
        <p class="quiet">
          <a href={`/accounts/${answer.account}`}>{accountName(answer.account)}</a> · <code>{answer.id}</code>{' '}
          <CopyButton text={location.href} what="a link to this page" />
        </p>
      </header>
      {error !== null && <Failure text={error} />}
      {answer.verdict !== null && <p class="next-step">{answer.verdict}</p>}
      {answer.next !== null && (
        <p class="next-step">
          <strong>What comes next.</strong> {answer.next}
        </p>
      )}
      <LifeLine stages={answer.stages} />
      {answer.market && answer.marks.length > 0 && <PriceCard market={answer.market} marks={answer.marks} />}
      {answer.causes.length > 0 && (
        <Card title="What led to what">
          <Branches branches={answer.causes} />
        </Card>
      )}
      {answer.events.length > 0 && <RawEvents answer={answer} />}
    </>
  );
}

function RawEvents({ answer: { events, id } }: { readonly answer: ThingAnswer }) {
  const lines = events.map((event) => JSON.stringify(event)).join('\n');
  return (
    <details class="card raw-events">
      <summary>
        <h2>As recorded</h2> <span class="quiet">{many(events.length, 'event')}</span>
      </summary>
      <div class="raw">
        <CopyButton text={lines} what="the events, one a line" />{' '}
        <a href={`data:application/x-ndjson,${encodeURIComponent(`${lines}\n`)}`} download={`${id}.ndjson`}>
          Download
        </a>
        <pre tabIndex={0}>{events.map((event) => JSON.stringify(event, null, 2)).join('\n')}</pre>
      </div>
    </details>
  );
}
