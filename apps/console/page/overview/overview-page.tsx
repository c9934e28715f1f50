import { useEffect } from 'preact/hooks';
import type { OverviewAnswer } from '../../src/overview.ts';
import { useAnswer } from '../answer.ts';
import { Card } from '../parts/card.tsx';
import { Dot } from '../parts/dot.tsx';
import { EventLine } from '../parts/event-line.tsx';
import { Failure } from '../parts/failure.tsx';
import { clock } from '../words.ts';
import { Findings } from './findings.tsx';
import { ServiceTable } from './service-table.tsx';
import { SessionTable } from './session-table.tsx';
import { Tiles } from './tiles.tsx';

const EVERY_MS = 3_000;

/** Is everything all right? */
export function OverviewPage() {
  useEffect(() => void (document.title = 'Overview · Trading core'), []);
  const { answer, error } = useAnswer<OverviewAnswer>('/api/overview', { live: true, everyMs: EVERY_MS });
  if (answer === null) return error === null ? <p class="waiting">Reading…</p> : <Failure text={error} />;
  const isWell = answer.findings.length === 0;
  return (
    <>
      <header class="page-head">
        <h1 aria-live="polite">
          <Dot tone={isWell ? 'good' : 'bad'} /> {answer.summary}
        </h1>
        <p class="quiet">as of {clock(answer.at)} UTC</p>
      </header>
      {error !== null && <Failure text={`${error} What is shown is as of ${clock(answer.at)}.`} />}
      {!isWell && <Findings findings={answer.findings} />}
      <Tiles overview={answer} />
      <div class="columns">
        <Card title="Services" id="services">
          <ServiceTable services={answer.services} head={answer.head} />
        </Card>
        <Card title="Broker sessions">
          <SessionTable sessions={answer.sessions} />
        </Card>
      </div>
      <Card title="Last events" aside="without samples of equity">
        <Notable overview={answer} />
      </Card>
    </>
  );
}

function Notable({ overview: { notable, sessions } }: { readonly overview: OverviewAnswer }) {
  if (notable === null) return <Failure text="Postgres does not answer: the log cannot be read." />;
  if (notable.length === 0) return <p class="empty">Nothing has happened yet.</p>;
  const names = new Map(sessions.map(({ account, name }) => [account, name]));
  return (
    <ol class="event-lines">
      {notable.map((line) => (
        <EventLine key={line.id} line={line} account={names.get(line.account) ?? 'everyone'} />
      ))}
    </ol>
  );
}
