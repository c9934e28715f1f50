import { useState } from 'preact/hooks';
import type { LookAnswer, WorkbenchAnswer } from '../../src/workbench.controller.ts';
import { command, mayOperate, submit } from '../api.ts';
import { Facts } from '../parts/facts.tsx';
import { unawaited } from '../unawaited.ts';
import { age, count, moment, short } from '../words.ts';
import { Decision } from './decision.tsx';

/** One request of which nobody knows what became, and the operator's word on it. */
export function UnknownOutcome({ account, name, mode, brokerLogin, request }: WorkbenchAnswer['unknown'][number]) {
  const [executed, setExecuted] = useState<boolean | null>(null);
  const [evidence, setEvidence] = useState('');
  const [broker, setBroker] = useState('not asked yet');
  const { id, wish, cause, connector, dispatched, doubted, requester } = request;
  const resolve = async (note: string): Promise<string> => {
    const body = { account, requestId: id, kind: wish.kind, executed, evidence, note };
    const { position } = await command('/api/commands/resolve', body);
    return `Settled at position ${count(position)}.`;
  };
  const askTheBroker = async (): Promise<void> => {
    setBroker('asking…');
    const views = await submit<LookAnswer>('/api/workbench/look', { account }).catch((error: unknown) => String(error));
    setBroker(typeof views === 'string' ? views : (views[id] ?? 'it has an outcome by now'));
  };
  return (
    <article class="work">
      <Facts
        facts={[
          ['request', <a key="request" href={`/thing/${id}`}>{`${wish.kind} ${short(id)}`}</a>],
          ['account', <a key="account" href={`/accounts/${account}`}>{`${name}, ${brokerLogin}, ${mode}`}</a>],
          ['asked by', requester.edge],
          ['sent', dispatched ? `once, ${moment(dispatched.at)} by ${connector ?? 'nobody'}` : 'never'],
          ['broker', broker],
          ['unknown', doubted ? `for ${age(doubted.at)}: ${cause ?? 'no answer'}` : '–'],
        ]}
      />
      {mayOperate() && (
        <button type="button" class="plain" onClick={() => unawaited(askTheBroker())}>
          Look at the broker
        </button>
      )}
      <Decision
        begin="Settle…"
        confirm={executed === null ? 'Settle' : executed ? 'Settle as executed' : 'Settle as not executed'}
        typed={mode === 'live' ? brokerLogin : null}
        isChosen={executed !== null && evidence.trim() !== ''}
        decide={resolve}
      >
        <fieldset>
          <legend>What the broker did, by your own look at it</legend>
          <label class="choice">
            <input type="radio" name={id} checked={executed === true} onChange={() => setExecuted(true)} /> executed it
          </label>
          <label class="choice">
            <input type="radio" name={id} checked={executed === false} onChange={() => setExecuted(false)} /> never
            executed it
          </label>
        </fieldset>
        <label>
          By what one can see it
          <input value={evidence} maxLength={512} onInput={({ currentTarget }) => setEvidence(currentTarget.value)} />
        </label>
      </Decision>
    </article>
  );
}
