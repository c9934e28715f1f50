import { spellBuild } from '@core/projection-runner/releases';
import { useState } from 'preact/hooks';
import type { ComparisonAnswer } from '../../src/projections.ts';
import { accountName } from '../accounts.ts';
import { useAnswer } from '../answer.ts';
import { DataTable } from '../parts/data-table.tsx';
import { EventType } from '../parts/event-line.tsx';
import { Failure } from '../parts/failure.tsx';
import { FieldValue } from '../parts/field-value.tsx';
import { count, many } from '../words.ts';

interface ComparisonProps {
  readonly owner: string;
  readonly name: string;
  /** Whether every process has the other build as far as the log goes. */
  readonly isReady: boolean;
}

/** Two builds compared when somebody asks: it reads what was saved, and the log since. */
export function Comparison({ owner, name, isReady }: ComparisonProps) {
  const [asked, setAsked] = useState(0);
  const { answer, error } = useAnswer<ComparisonAnswer>(
    asked === 0 ? null : `/api/projections/${owner}/${name}/difference?asked=${asked}`,
  );
  const isUnderway = asked > 0 && answer === null && error === null;
  return (
    <>
      <p>
        <button type="button" disabled={isUnderway || !isReady} onClick={() => setAsked(asked + 1)}>
          {isUnderway ? 'Comparing…' : asked === 0 ? 'Compare' : 'Compare again'}
        </button>
      </p>
      {error !== null && <Failure text={error} />}
      {answer && <Differences {...answer} />}
    </>
  );
}

function Differences({ served, other, position, accounts, different, shown }: ComparisonAnswer) {
  const both = `${spellBuild(served)} and ${spellBuild(other)}`;
  if (different === 0)
    return (
      <p class="done" role="status">
        {both} are the same in {many(accounts, 'account')}, at position {count(position)}.
      </p>
    );
  return (
    <>
      <p role="status">
        {both} differ in {count(different)} of {many(accounts, 'account')}, at position {count(position)}
        {shown.length < different && `; these are the first ${shown.length}`}.
      </p>
      {shown.map(({ account, fields, wrong }) => (
        <section key={account}>
          <h3>
            <a href={`/accounts/${account}`}>{accountName(account)}</a>
          </h3>
          {wrong.map((build) => (
            <Failure
              key={spellBuild(build)}
              text={`What is saved of ${spellBuild(build)} is not what its fold makes of the log.`}
            />
          ))}
          <DataTable
            label={`Differences of ${accountName(account)}`}
            rows={fields}
            keyOf={({ path }) => path}
            none="Nothing differs."
            columns={[
              { name: 'field', cell: ({ path }) => <code>{path || 'all of it'}</code> },
              { name: spellBuild(served), cell: (field) => <FieldValue value={field.served} /> },
              { name: spellBuild(other), cell: (field) => <FieldValue value={field.other} /> },
              {
                name: 'since',
                cell: ({ since }) =>
                  since ? (
                    <a href={`/thing/${since.id}`}>
                      {count(since.position)} <EventType type={since.type} />
                    </a>
                  ) : (
                    <span class="quiet">no event: both folds agree</span>
                  ),
              },
            ]}
          />
        </section>
      ))}
    </>
  );
}
