import type { OperatorRole } from '@core/registry/operator-role';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { may, operator, reasonOf } from '../api.ts';
import { unawaited } from '../unawaited.ts';

interface DecisionProps {
  /** What the button says that begins it. */
  readonly begin: string;
  /** What the button says that does it. */
  readonly confirm: string;
  /** What must be typed before it can be done; null where that is not asked. */
  readonly typed: string | null;
  /** Whether what stands in the form beside the note is all that it takes. */
  readonly isChosen?: boolean;
  /** The role it takes. */
  readonly needs?: OperatorRole;
  /** Does it; what it resolves to is told. */
  decide(note: string): Promise<string>;
  readonly children?: ComponentChildren;
}

/** Two steps to whatever changes something: it asks why, and of what is for real that one has seen whose it is. */
export function Decision({
  begin,
  confirm,
  typed,
  isChosen = true,
  needs = 'operate',
  decide,
  children,
}: DecisionProps) {
  const [isOpen, setOpen] = useState(false);
  const [note, setNote] = useState('');
  const [word, setWord] = useState('');
  const [said, setSaid] = useState<{ readonly text: string; readonly isBad: boolean } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isComplete = isChosen && note.trim() !== '' && (typed === null || word === typed);
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      setSaid({ text: await decide(note), isBad: false });
      setOpen(false);
      setNote('');
      setWord('');
    } catch (error) {
      setSaid({ text: reasonOf(error), isBad: true });
    }
    setBusy(false);
  };
  if (!may(needs))
    return (
      <p class="quiet">
        This takes the role {needs}; yours is {operator.value?.role}.
      </p>
    );
  return (
    <div class="decision">
      {!isOpen && (
        <button type="button" onClick={() => setOpen(true)}>
          {begin}
        </button>
      )}
      {isOpen && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (isComplete && !isBusy) unawaited(run());
          }}
        >
          {children}
          <label>
            Why (recorded with your name)
            <input
              value={note}
              maxLength={512}
              required
              onInput={({ currentTarget }) => setNote(currentTarget.value)}
            />
          </label>
          {typed !== null && (
            <label>
              Type {typed} to go on
              <input value={word} autocomplete="off" onInput={({ currentTarget }) => setWord(currentTarget.value)} />
            </label>
          )}
          <span class="actions">
            <button type="button" class="plain" onClick={() => setOpen(false)}>
              Cancel
            </button>
            <button type="submit" class="danger" disabled={!isComplete || isBusy}>
              {confirm}
            </button>
          </span>
        </form>
      )}
      {said !== null && (
        <p class={said.isBad ? 'failure' : 'done'} role="status">
          {said.text}
        </p>
      )}
    </div>
  );
}
