import { useEffect } from 'preact/hooks';
import type { WorkbenchAnswer } from '../../src/workbench.controller.ts';
import { useAnswer } from '../answer.ts';
import { Card } from '../parts/card.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { Failure } from '../parts/failure.tsx';
import { age, count, moment } from '../words.ts';
import { Quarantine } from './quarantine.tsx';
import { TradingSwitch } from './trading-switch.tsx';
import { UnknownOutcome } from './unknown-outcome.tsx';

/** What waits for an operator's hand. */
export function WorkbenchPage() {
  const { answer, error } = useAnswer<WorkbenchAnswer>('/api/workbench', { live: true });
  useEffect(() => void (document.title = 'Workbench · Trading core'), []);
  return (
    <>
      <h1>Workbench</h1>
      {error !== null && <Failure text={error} />}
      {answer === null && error === null && <p class="waiting">Reading…</p>}
      {answer && <Work {...answer} />}
    </>
  );
}

function Work({ unknown, quarantine, drifts }: WorkbenchAnswer) {
  return (
    <>
      <Card title="Unknown outcomes" aside="sent, and nobody could say what became of it">
        {unknown.length === 0 && <p class="empty">Every request is settled.</p>}
        {unknown.map((each) => (
          <UnknownOutcome key={each.request.id} {...each} />
        ))}
      </Card>
      <Card title="Quarantine" aside="came in, and could not be recorded">
        <Quarantine messages={quarantine} />
      </Card>
      <Card title="Drift" aside="what the last comparison with the broker found">
        <DataTable
          label="Drift"
          rows={drifts.flatMap((each) => each.drifts.map((drift, index) => ({ ...each, drift, index })))}
          keyOf={({ account, index }) => `${account}${index}`}
          none="The brokers agree with the log."
          columns={[
            { name: 'account', cell: ({ account, name }) => <a href={`/accounts/${account}`}>{name}</a> },
            { name: 'kind', cell: ({ drift }) => drift.kind },
            { name: 'broker’s number', cell: ({ drift }) => drift.brokerKey },
            { name: 'ours', cell: ({ drift }) => drift.ours },
            { name: 'theirs', cell: ({ drift }) => drift.theirs },
            { name: 'for', cell: ({ at }) => <span title={moment(at)}>{age(at)}</span> },
            {
              name: 'evidence',
              cell: ({ position }) => <a href={`/log?to=${position}&open=${position}`}>position {count(position)}</a>,
            },
          ]}
        />
      </Card>
      <Card title="Trading" aside="for one account or for everyone">
        <TradingSwitch />
      </Card>
    </>
  );
}
