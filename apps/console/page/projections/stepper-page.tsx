import { useEffect } from 'preact/hooks';
import type { StepAnswer } from '../../src/fold-steps.ts';
import { accountName } from '../accounts.ts';
import { go, query, withQuery } from '../address.ts';
import { useAnswer } from '../answer.ts';
import { Card } from '../parts/card.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { EventType } from '../parts/event-line.tsx';
import { Failure } from '../parts/failure.tsx';
import { FieldValue } from '../parts/field-value.tsx';
import { count, moment } from '../words.ts';

/** A fold at work on one account, event by event; the address says where it stands. */
export function StepperPage() {
  const [fold, account] = [query.value.get('fold') ?? '', query.value.get('account') ?? ''];
  const { answer, error } = useAnswer<StepAnswer>(`/api/projections/step?${query.value.toString()}`);
  useEffect(() => void (document.title = `${fold} of ${accountName(account)} · Trading core`), [fold, account]);
  return (
    <>
      <header class="page-head">
        <h1>{fold}, step by step</h1>
        <p class="quiet">
          of <a href={`/accounts/${account}`}>{accountName(account)}</a> · <a href="/projections">all projections</a>
        </p>
      </header>
      {error !== null && <Failure text={error} />}
      {answer === null && error === null && <p class="waiting">Folding…</p>}
      {answer && <Step {...answer} />}
    </>
  );
}

const to = (position: number | null): string | null => (position === null ? null : withQuery({ at: String(position) }));

function Step({ version, line, changed, against, state, number, ...others }: StepAnswer) {
  const { previous, previousChange, next, nextChange } = others;
  useKeys(to(previous), to(next));
  return (
    <>
      <nav class="steps" aria-label="Events of the account">
        <Move to={to(previousChange)}>« change</Move>
        <Move to={to(previous)}>‹ back</Move>
        <span>
          event {count(number)}, position {count(line.position)}
        </span>
        <Move to={to(next)}>on ›</Move>
        <Move to={to(nextChange)}>change »</Move>
      </nav>
      <Card title="The event" aside={moment(line.recorded)}>
        <p>
          <EventType type={line.type} /> <a href={`/thing/${line.id}`}>{line.words || line.type}</a>
        </p>
      </Card>
      <Card title="What it changed" aside={`in version ${version}`}>
        <Fields label="What it changed" fields={changed} none="Nothing." heads={['before', 'after']} />
      </Card>
      {against.length > 0 && (
        <Card title="Where the other version differs">
          <Fields label="Where the other version differs" fields={against} none="" heads={['this one', 'the other']} />
        </Card>
      )}
      <Card title="The whole state after it">
        <div class="raw">
          <pre tabIndex={0}>{JSON.stringify(state, null, 2)}</pre>
        </div>
      </Card>
    </>
  );
}

function Move({ to: address, children }: { readonly to: string | null; readonly children: string }) {
  return address === null ? (
    <span class="button off" aria-disabled="true">
      {children}
    </span>
  ) : (
    <a class="button" href={address}>
      {children}
    </a>
  );
}

interface FieldsProps {
  readonly label: string;
  readonly fields: StepAnswer['changed'];
  readonly none: string;
  readonly heads: readonly [string, string];
}

const Fields = ({ label, fields, none, heads: [before, after] }: FieldsProps) => (
  <DataTable
    label={label}
    rows={fields}
    keyOf={({ path }) => path}
    none={none}
    columns={[
      { name: 'field', cell: ({ path }) => <code>{path || 'all of it'}</code> },
      { name: before, cell: (field) => <FieldValue value={field.before} /> },
      { name: after, cell: (field) => <mark>{<FieldValue value={field.after} />}</mark> },
    ]}
  />
);

/** The arrow keys go back and on. */
function useKeys(back: string | null, on: string | null): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
      if (event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return;
      const address = event.key === 'ArrowLeft' ? back : event.key === 'ArrowRight' ? on : null;
      if (address !== null) go(address, { replace: true });
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [back, on]);
}
