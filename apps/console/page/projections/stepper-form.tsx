import { useState } from 'preact/hooks';
import type { ProjectionsAnswer } from '../../src/projections.ts';
import { accountChoices } from '../accounts.ts';
import { go } from '../address.ts';

/** Whose events are to be stepped through, by which fold. */
export function StepperForm({ folds }: Pick<ProjectionsAnswer, 'folds'>) {
  const accounts = accountChoices();
  const [account, setAccount] = useState('');
  const [fold, setFold] = useState('');
  const chosen = { account: account || (accounts[0]?.[0] ?? ''), fold: fold || (folds[0]?.name ?? '') };
  return (
    <form
      class="row-form"
      onSubmit={(event) => {
        event.preventDefault();
        go(`/projections/stepper?${new URLSearchParams(chosen).toString()}`);
      }}
    >
      <label>
        Projection
        <select value={chosen.fold} onChange={({ currentTarget }) => setFold(currentTarget.value)}>
          {folds.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        Account
        <select value={chosen.account} onChange={({ currentTarget }) => setAccount(currentTarget.value)}>
          {accounts.map(([id, called]) => (
            <option key={id} value={id}>
              {called}
            </option>
          ))}
        </select>
      </label>
      <button type="submit">Step through</button>
    </form>
  );
}
