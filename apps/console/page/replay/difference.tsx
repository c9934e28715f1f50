import { useState } from 'preact/hooks';
import type { ReplayDifference } from '../../src/replays.ts';
import { useAnswer } from '../answer.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Failure } from '../parts/failure.tsx';
import { count, many } from '../words.ts';

/** In which accounts something is otherwise now; asked when somebody wants to know. */
export function Difference({ position }: { readonly position: number }) {
  const [asked, setAsked] = useState<number | null>(null);
  const { answer, error } = useAnswer<ReplayDifference>(
    asked === null ? null : `/api/replay/difference?asked=${asked}`,
  );
  return (
    <>
      <div class="row-form">
        <button type="button" onClick={() => setAsked(position)}>
          Compare with now
        </button>
      </div>
      {error !== null && <Failure text={error} />}
      {asked !== null && answer === null && error === null && <p class="waiting">Reading…</p>}
      {answer && (
        <DataTable
          label="Otherwise now"
          rows={answer.accounts}
          keyOf={({ account }) => account}
          none={`Nothing is otherwise since position ${count(answer.position)}.`}
          columns={[
            {
              name: 'account',
              cell: ({ account, name }) => <a href={`/accounts/${account}?since=${answer.position}`}>{name}</a>,
            },
            { name: 'otherwise', cell: ({ fields }) => many(fields, 'field') },
            { name: 'among them', cell: ({ some }) => <span class="wrap">{some.join(', ')}</span> },
          ]}
        />
      )}
    </>
  );
}
