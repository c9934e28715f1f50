import { useState } from 'preact/hooks';
import { accountChoices, knownAccounts } from '../accounts.ts';
import { command } from '../api.ts';
import { count, many } from '../words.ts';
import { Decision } from './decision.tsx';

const SWITCHES = {
  halt: 'halt trading',
  resume: 'end a halt',
  'close-only': 'allow nothing but closing',
  'close-only-off': 'end close-only',
} as const;

/** Halts and releases, of one account or of everyone. */
export function TradingSwitch() {
  const choices = accountChoices();
  const [account, setAccount] = useState('');
  const [chosen, setChosen] = useState<keyof typeof SWITCHES>('halt');
  const [id, name] = choices.find(([each]) => each === account) ?? choices[0] ?? ['', ''];
  const one = knownAccounts.value.find((each) => each.account === id);
  const whom = one ? `${one.name} (${one.mode})` : `all ${many(knownAccounts.value.length, 'account')}`;
  const decide = async (note: string): Promise<string> => {
    const { position } = await command('/api/commands/trading', { account: id, switch: chosen, note });
    return `Done for ${whom}: recorded at position ${count(position)}.`;
  };
  return (
    <div class="work">
      <Decision
        begin="Change…"
        confirm={`${SWITCHES[chosen]}, for ${whom}`}
        typed={one?.mode === 'demo' ? null : name}
        decide={decide}
      >
        <label>
          Whom it concerns
          <select value={id} onChange={({ currentTarget }) => setAccount(currentTarget.value)}>
            {choices.map(([each, called]) => (
              <option key={each} value={each}>
                {called}
              </option>
            ))}
          </select>
        </label>
        <label>
          What
          <select
            value={chosen}
            onChange={({ currentTarget }) => setChosen(currentTarget.value as keyof typeof SWITCHES)}
          >
            {Object.entries(SWITCHES).map(([each, called]) => (
              <option key={each} value={each}>
                {called}
              </option>
            ))}
          </select>
        </label>
      </Decision>
    </div>
  );
}
