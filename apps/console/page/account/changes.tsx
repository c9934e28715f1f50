import type { AccountHistory } from '../../src/account-history.ts';
import type { ChangeAnswer } from '../../src/accounts.controller.ts';
import { query, go, withQuery } from '../address.ts';
import { useAnswer } from '../answer.ts';
import { Card } from '../parts/card.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { EventType } from '../parts/event-line.tsx';
import { Failure } from '../parts/failure.tsx';
import { FieldValue } from '../parts/field-value.tsx';
import { count } from '../words.ts';

interface ChangesProps {
  readonly account: string;
  readonly history: AccountHistory;
  readonly at: string | null;
}

/** What is otherwise than at another moment, and which event left it so. */
export function Changes({ account, history: { first, last }, at }: ChangesProps) {
  const since = query.value.get('since');
  const [one, two] = [Number(since ?? last), Number(at ?? last)];
  const [from, to] = [Math.min(one, two), Math.max(one, two)];
  const { answer, error } = useAnswer<readonly ChangeAnswer[]>(
    since === null ? null : `/api/accounts/${account}/changes?from=${from}&to=${to}`,
  );
  return (
    <Card title="Compare" aside="the moment above with another">
      <form class="moment" onSubmit={(event) => event.preventDefault()}>
        <label>
          <span class="quiet">Other moment</span>
          <input
            type="range"
            min={first}
            max={last}
            value={since ?? String(last)}
            onChange={({ currentTarget }) => go(withQuery({ since: currentTarget.value }), { replace: true })}
          />
        </label>
        <output>{since === null ? 'none' : `position ${count(Number(since))}`}</output>
        {since !== null && (
          <a class="button" href={withQuery({ since: null })}>
            End
          </a>
        )}
      </form>
      {error !== null && <Failure text={error} />}
      {answer && (
        <DataTable
          label="What changed"
          rows={answer}
          keyOf={({ path }) => path}
          none="Nothing is otherwise."
          columns={[
            { name: 'field', cell: ({ path }) => <code class="wrap">{path}</code> },
            {
              name: 'left so by',
              cell: ({ by }) => (
                <a href={`/thing/${by.id}`}>
                  {count(by.position)} <EventType type={by.type} />
                </a>
              ),
            },
            { name: `at ${count(from)}`, cell: ({ before }) => <FieldValue value={before} /> },
            { name: `at ${count(to)}`, cell: ({ after }) => <mark>{<FieldValue value={after} />}</mark> },
            { name: 'times', isNumber: true, cell: ({ times }) => times },
          ]}
        />
      )}
    </Card>
  );
}
