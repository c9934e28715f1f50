import { useState } from 'preact/hooks';
import type { QuarantinedMessage } from '../../src/workbench.controller.ts';
import { accountName } from '../accounts.ts';
import { command } from '../api.ts';
import { Facts } from '../parts/facts.tsx';
import { age, count, moment } from '../words.ts';
import { Decision } from './decision.tsx';

/** Messages that could not be recorded, what they say, and what becomes of them. */
export function Quarantine({ messages }: { readonly messages: readonly QuarantinedMessage[] }) {
  if (messages.length === 0) return <p class="empty">Everything could be recorded.</p>;
  return (
    <>
      {messages.map((message) => (
        <Parked key={message.id} {...message} />
      ))}
    </>
  );
}

const ENDS = {
  skipped: 'never record it',
  released: 'record it as it came',
  replaced: 'record another instead',
} as const;

function Parked({ id, receivedAt, account, origin, reason, detail, bytes, text, events }: QuarantinedMessage) {
  const [as, setAs] = useState<keyof typeof ENDS>('skipped');
  const [replacement, setReplacement] = useState(text);
  const settle = async (note: string): Promise<string> => {
    const body = { messageId: id, as, note, ...(as === 'replaced' && { body: replacement }) };
    const { position, changed } = await command('/api/commands/quarantine', body);
    return changed ? `Settled at position ${count(position)}.` : 'It was settled already: nothing is recorded.';
  };
  return (
    <details class="work">
      <summary>
        {reason}, {detail}{' '}
        <span class="quiet">
          from {origin}, {age(receivedAt)} ago
        </span>
      </summary>
      <Facts
        facts={[
          ['message', <code key="id">{id}</code>],
          ['account', account === null ? '–' : accountName(account)],
          ['received', moment(receivedAt)],
          ['size', `${count(bytes)} bytes`],
          ...events.map(
            ({ type, why }, index) => [`${index + 1} ${type || 'no event'}`, why ?? 'this build reads it'] as const,
          ),
        ]}
      />
      <div class="raw">
        <a
          href={`data:application/octet-stream,${encodeURIComponent(text)}`}
          download={`${id.replaceAll('/', '-')}.txt`}
        >
          Download
        </a>
        <pre tabIndex={0}>{text}</pre>
      </div>
      <Decision begin="Settle…" confirm={ENDS[as]} typed={null} decide={settle}>
        <label>
          What becomes of it
          <select value={as} onChange={({ currentTarget }) => setAs(currentTarget.value as keyof typeof ENDS)}>
            {Object.entries(ENDS).map(([each, called]) => (
              <option key={each} value={each}>
                {called}
              </option>
            ))}
          </select>
        </label>
        {as === 'replaced' && (
          <label>
            What it should have been: an event or a batch, as JSON
            <textarea
              rows={12}
              value={replacement}
              onInput={({ currentTarget }) => setReplacement(currentTarget.value)}
            />
          </label>
        )}
      </Decision>
    </details>
  );
}
