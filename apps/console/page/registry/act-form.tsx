import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RegistryActAnswer } from '../../src/registry.controller.ts';
import type { PlanAnswer } from '../../src/registry-desk.ts';
import { reasonOf, submit } from '../api.ts';
import { Failure } from '../parts/failure.tsx';
import { unawaited } from '../unawaited.ts';
import { ActFields } from './act-fields.tsx';
import { wishOf, type ActOffer } from './act-offer.ts';
import { MadeSecret } from './made-secret.tsx';

interface ActFormProps {
  readonly offer: ActOffer;
  close(): void;
}

type Asked = { readonly wish: Record<string, unknown>; readonly plan: PlanAnswer };

/**
 * Two steps to a change of who may do what: what is wanted, whereupon the server says whom it concerns; then why, and
 * what must be typed for it. Whatever is made by it is shown until the form is closed.
 */
export function ActForm({ offer, close }: ActFormProps) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [done, setDone] = useState<RegistryActAnswer | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // In the same turn: whoever clicks and types at once loses no letter.
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>('input, select, button')?.focus(), [asked === null]);

  const attempt = async (step: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await step();
    } catch (error) {
      setFailure(reasonOf(error));
    }
    setBusy(false);
  };
  const plan = async (fields: FormData): Promise<void> => {
    const wish = wishOf(offer, fields);
    setAsked({ wish, plan: await submit<PlanAnswer>('/api/registry/plan', { act: offer.act, wish }) });
  };
  const carryOut = async ({ wish, plan: { typed } }: Asked, fields: FormData): Promise<void> => {
    const [note, secret, again] = ['note', 'secret', 'again'].map((name) => String(fields.get(name) ?? ''));
    if (secret !== again) throw new Error('That was not the same twice.');
    const body = { act: offer.act, wish, note, secret, typed: typed && String(fields.get('typed')) };
    setDone(await submit<RegistryActAnswer>('/api/registry', body));
  };
  if (done)
    return (
      <div class="decision">
        <p class="done" role="status">
          {done.text}
          {done.position === null && '; the log learns it with the next change'}
        </p>
        {done.secret && <MadeSecret {...done.secret} />}
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
    );
  return (
    <div class="decision">
      <form
        ref={form}
        key={asked === null ? 'wish' : 'agree'}
        onSubmit={(event) => {
          event.preventDefault();
          const fields = new FormData(event.currentTarget);
          if (!isBusy) unawaited(attempt(() => (asked === null ? plan(fields) : carryOut(asked, fields))));
        }}
      >
        {asked === null ? <ActFields fields={offer.fields ?? []} /> : <Agreement {...asked.plan} />}
        {failure !== null && <Failure text={failure.replace(/^Error: /, '')} />}
        <span class="actions">
          <button type="button" class="plain" onClick={close}>
            Cancel
          </button>
          <button type="submit" class={asked === null ? '' : 'danger'} disabled={isBusy}>
            {asked === null ? 'Go on' : offer.label}
          </button>
        </span>
      </form>
    </div>
  );
}

/** What is agreed to, and by what. */
const Agreement = ({ whom, typed, secret }: PlanAnswer) => (
  <>
    <p>This concerns {whom}.</p>
    {secret !== null && (
      <>
        <label>
          {secret}
          <input name="secret" type="password" autocomplete="new-password" maxLength={1024} required />
        </label>
        <label>
          Once more
          <input name="again" type="password" autocomplete="new-password" maxLength={1024} required />
        </label>
      </>
    )}
    <label>
      Why (recorded with your name)
      <input name="note" maxLength={512} required />
    </label>
    {typed !== null && (
      <label>
        Type {typed} to go on
        <input name="typed" autocomplete="off" required pattern={typed} />
      </label>
    )}
  </>
);
