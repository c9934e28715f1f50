import { wordToType } from '@core/operations/gravity';
import type { TradingSwitch as Switch } from '@core/operations/trading-switch';
import { useState } from 'preact/hooks';
import { accountChoices, knownAccounts } from '../accounts.ts';
import { command } from '../api.ts';
import { count, many } from '../words.ts';
import { Decision } from './decision.tsx';

const SWITCHES: Readonly<Record<Switch, string>> = {
  halt: 'halt trading',
  kill: 'halt trading and cancel every working order',
  'kill-and-close': 'halt trading, cancel every order and close every position',
  resume: 'end a halt',
  'close-only': 'allow nothing but closing',
  'close-only-off': 'end close-only',
  shadow: 'record what is asked and trade nothing (shadow)',
  'shadow-off': 'end a shadow',
};

const EDGES = {
  '': 'all edges',
  'tv-gateway': 'TradingView',
  'proquant-webhook': 'ProQuant',
  'ws-session': 'WebSocket',
};

/** Halts and releases, of one account or of everyone; on the page of an account of that `only`. */
export function TradingSwitch({ only }: { readonly only?: string }) {
  const choices = accountChoices().filter(([each]) => only === undefined || each === only);
  const [account, setAccount] = useState('');
  const [chosen, setChosen] = useState<Switch>('halt');
  const [edge, setEdge] = useState('');
  const [id] = choices.find(([each]) => each === account) ?? choices[0] ?? [only ?? ''];
  const one = knownAccounts.value.find((each) => each.account === id);
  const whom = one ? `${one.name} (${one.mode})` : `all ${many(knownAccounts.value.length, 'account')}`;
  const typed = wordToType({ isEveryone: one === undefined, live: one?.mode === 'live' ? 1 : 0 });
  const isShadow = chosen === 'shadow' || chosen === 'shadow-off';
  const decide = async (note: string): Promise<string> => {
    const of = isShadow && edge !== '' ? { edge } : {};
    const { position, changed } = await command('/api/commands/trading', {
      account: id,
      switch: chosen,
      ...of,
      typed: typed ?? undefined,
      note,
    });
    return changed
      ? `Done for ${whom}: recorded at position ${count(position)}.`
      : `Of ${whom} it was so already: nothing is recorded.`;
  };
  return (
    <div class="work">
      <Decision begin="Change…" confirm={`${SWITCHES[chosen]}, for ${whom}`} typed={typed} decide={decide}>
        {only === undefined && (
          <Choice name="Whom it concerns" value={id} choices={Object.fromEntries(choices)} choose={setAccount} />
        )}
        <Choice name="What" value={chosen} choices={SWITCHES} choose={setChosen} />
        {isShadow && <Choice name="Asked by" value={edge} choices={EDGES} choose={setEdge} />}
      </Decision>
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  readonly name: string;
  readonly value: Value;
  readonly choices: Readonly<Record<Value, string>>;
  choose(value: Value): void;
}

function Choice<Value extends string>({ name, value, choices, choose }: ChoiceProps<Value>) {
  return (
    <label>
      {name}
      <select value={value} onChange={({ currentTarget }) => choose(currentTarget.value as Value)}>
        {Object.entries<string>(choices).map(([each, called]) => (
          <option key={each} value={each}>
            {called}
          </option>
        ))}
      </select>
    </label>
  );
}
