import { useState } from 'preact/hooks';
import type { SimulatorAnswer } from '../../src/simulator.controller.ts';
import { mayOperate } from '../api.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Failure } from '../parts/failure.tsx';
import { FAULT_CHOICES } from './fault-choices.ts';
import type { OfControl } from './of-control.ts';
import { useDeed } from '../use-deed.ts';

/** Faults in force, and others to be set. */
export function Faults({ faults, at }: Pick<SimulatorAnswer, 'faults'> & OfControl) {
  const { failure, run, takeBack } = useDeed(`${at}/`);
  const [number, setNumber] = useState(FAULT_CHOICES[0]?.number ?? '');
  const chosen = FAULT_CHOICES.find((each) => each.number === number);
  return (
    <>
      {mayOperate() && (
        <form
          class="row-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (chosen) run('faults', chosen.fault);
          }}
        >
          <label>
            Fault
            <select value={number} onChange={({ currentTarget }) => setNumber(currentTarget.value)}>
              {FAULT_CHOICES.map((each) => (
                <option key={each.number} value={each.number}>
                  {each.number} {each.name}
                </option>
              ))}
            </select>
          </label>
          <button type="submit">Set</button>
          <button type="button" class="plain" disabled={faults.length === 0} onClick={() => takeBack('faults')}>
            Lift all
          </button>
        </form>
      )}
      {failure !== null && <Failure text={failure} />}
      <DataTable
        label="Faults in force"
        rows={faults}
        keyOf={({ id }) => String(id)}
        none="Nothing goes wrong on purpose."
        columns={[
          { name: 'fault', cell: ({ fault: { kind } }) => kind },
          { name: 'of', cell: ({ fault: { kind: _kind, ...terms } }) => <span class="wrap">{inWords(terms)}</span> },
          { name: 'struck', isNumber: true, cell: ({ struck }) => struck },
          {
            name: '',
            cell: ({ id, fault: { kind } }) =>
              mayOperate() && (
                <button type="button" class="plain small" onClick={() => takeBack(`faults/${id}`)}>
                  Lift <span class="unseen">{kind}</span>
                </button>
              ),
          },
        ]}
      />
    </>
  );
}

const inWords = (terms: Readonly<Record<string, unknown>>): string =>
  Object.entries(terms)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
