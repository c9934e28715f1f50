import { DECISIONS } from '@core/operations/decisions';
import type { LogAnswer } from '../../src/log.controller.ts';
import { accountName } from '../accounts.ts';
import { useAnswer } from '../answer.ts';
import { DataTable } from '../parts/data-table.tsx';
import { EventType } from '../parts/event-line.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { count, moment } from '../words.ts';
import { AuditTabs } from './audit-tabs.tsx';

const TYPES = DECISIONS.join(',');

const SHOWN = 500;

/** Who changed what, when and why. */
export function AuditPage() {
  const { answer, error } = useAnswer<LogAnswer>(`/api/log?types=${TYPES}&limit=${SHOWN}`, { live: true });
  const csv = (
    <a class="button" href={`/api/log/export?format=csv&types=${TYPES}`} download>
      CSV
    </a>
  );
  return (
    <PageFrame
      title="Audit"
      about="who changed what, when and why"
      actions={csv}
      error={error}
      isEmpty={answer === null}
    >
      <AuditTabs />
      {answer && (
        <section class="card">
          <DataTable
            label="Decisions"
            rows={answer.lines}
            keyOf={({ id }) => id}
            none="Nobody has decided anything yet."
            columns={[
              {
                name: 'position',
                isNumber: true,
                cell: ({ position, id }) => <a href={`/thing/${id}`}>{count(position)}</a>,
              },
              { name: 'when', cell: ({ recorded }) => moment(recorded).slice(0, 19) },
              { name: 'what', cell: ({ type }) => <EventType type={type} /> },
              {
                name: 'whom it concerns',
                cell: ({ account }) => <a href={`/log?account=${account}`}>{accountName(account)}</a>,
              },
              { name: 'who and why', cell: ({ words }) => <span class="wrap">{words}</span> },
              { name: 'through', cell: ({ source }) => source },
            ]}
          />
          {answer.more && <p class="empty">These are the last {SHOWN}; the CSV has all of them.</p>}
        </section>
      )}
    </PageFrame>
  );
}
