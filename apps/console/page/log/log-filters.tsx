import type { TypeCounts } from '@core/event-log/log-search';
import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { accountChoices } from '../accounts.ts';
import { go, query, withQuery } from '../address.ts';
import { useAnswer } from '../answer.ts';
import { EventType } from '../parts/event-line.tsx';
import { count } from '../words.ts';

const COUNTED_EVERY_MS = 10_000;

const MORE = ['producer', 'since', 'until', 'from', 'to'];
const NAMES = ['types', 'noise', 'account', 'instrument', 'text', ...MORE];

/** What is looked for; the address holds it, so that a link shows the same to others. */
export function LogFilters({ filter }: { readonly filter: string }) {
  const isFiltered = NAMES.some((name) => query.value.has(name));
  return (
    <form class="filters" role="search" aria-label="Events" onSubmit={(event) => event.preventDefault()}>
      <TypeFilter filter={filter} />
      <label>
        Account
        <select
          value={query.value.get('account') ?? ''}
          onChange={({ currentTarget }) => say('account', currentTarget.value)}
        >
          <option value="">all</option>
          {accountChoices().map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Field name="instrument" placeholder="EURUSD" size={9}>
        Instrument
      </Field>
      <Field name="text" placeholder="anything it tells" size={16}>
        Text
      </Field>
      <details class="more" open={MORE.some((name) => query.value.has(name))}>
        <summary>More</summary>
        <div>
          <Field name="producer" placeholder="ledger" size={12}>
            Producer
          </Field>
          <Field name="since" type="datetime-local">
            Since (UTC)
          </Field>
          <Field name="until" type="datetime-local">
            Until (UTC)
          </Field>
          <Field name="from" type="number" size={8}>
            From position
          </Field>
          <Field name="to" type="number" size={8}>
            To position
          </Field>
        </div>
      </details>
      {isFiltered && (
        <a class="button" href={withQuery(Object.fromEntries(NAMES.map((name) => [name, null])))}>
          Clear
        </a>
      )}
    </form>
  );
}

const say = (name: string, value: string): void =>
  go(withQuery({ [name]: value === '' ? null : value }), { replace: true });

interface FieldProps {
  readonly name: string;
  readonly type?: 'text' | 'number' | 'datetime-local';
  readonly placeholder?: string;
  readonly size?: number;
  readonly children: ComponentChildren;
}

function Field({ name, type = 'text', placeholder, size, children }: FieldProps) {
  return (
    <label>
      {children}
      <input
        name={name}
        type={type as 'text'}
        placeholder={placeholder}
        style={size === undefined ? undefined : { width: `${size + 3}ch` }}
        value={query.value.get(name) ?? ''}
        onChange={({ currentTarget }) => say(name, currentTarget.value)}
      />
    </label>
  );
}

/** A list of choices closes behind whoever goes on. */
function useClosing(list: RefObject<HTMLDetailsElement | null>): void {
  useEffect(() => {
    const leave = ({ target }: Event): void => {
      if (list.current && target instanceof Node && !list.current.contains(target)) list.current.open = false;
    };
    const kinds = ['pointerdown', 'focusin'];
    for (const kind of kinds) document.addEventListener(kind, leave);
    return () => {
      for (const kind of kinds) document.removeEventListener(kind, leave);
    };
  }, [list]);
}

/** Which types there are, how often, and which of them are shown. */
function TypeFilter({ filter }: { readonly filter: string }) {
  const list = useRef<HTMLDetailsElement>(null);
  useClosing(list);
  const others = new URLSearchParams(filter);
  for (const name of ['types', 'noise']) others.delete(name);
  const { answer } = useAnswer<TypeCounts>(`/api/log/types?${others.toString()}`, { everyMs: COUNTED_EVERY_MS });
  const chosen = query.value.get('types')?.split(',').filter(Boolean) ?? [];
  const counts = Object.entries(answer?.counts ?? {}).toSorted(([one], [two]) => (one < two ? -1 : 1));
  const toggle = (type: string): void =>
    say('types', (chosen.includes(type) ? chosen.filter((each) => each !== type) : [...chosen, type]).join(','));
  return (
    <details class="types" ref={list}>
      <summary>
        {chosen.length === 0 ? 'All types' : chosen.length === 1 ? chosen[0] : `${chosen.length} types`}
      </summary>
      <div class="choices">
        <label>
          <input
            type="checkbox"
            checked={query.value.has('noise') || chosen.length > 0}
            disabled={chosen.length > 0}
            onChange={({ currentTarget }) => say('noise', currentTarget.checked ? 'on' : '')}
          />
          samples too (EquityMarked)
        </label>
        {counts.map(([type, number]) => (
          <label key={type}>
            <input type="checkbox" checked={chosen.includes(type)} onChange={() => toggle(type)} />
            <EventType type={type} /> <span class="quiet">{count(number)}</span>
          </label>
        ))}
        {answer !== null && answer.from > 1 && <p class="quiet">counted from position {count(answer.from)} on</p>}
      </div>
    </details>
  );
}
