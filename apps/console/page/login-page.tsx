import { useEffect, useState } from 'preact/hooks';
import { query } from './address.ts';
import { logIn, reasonOf } from './api.ts';
import { Failure } from './parts/failure.tsx';
import { unawaited } from './unawaited.ts';

/** Nobody is logged in: how one comes in. */
export function LoginPage() {
  const isUsed = query.value.get('link') === 'used';
  const [failure, setFailure] = useState(
    isUsed ? 'This link was used before, or is older than a quarter of an hour.' : null,
  );
  const [isBusy, setBusy] = useState(false);
  useEffect(() => void (document.title = 'Log in · Trading core'), []);
  const enter = async (form: HTMLFormElement): Promise<void> => {
    const fields = new FormData(form);
    setBusy(true);
    try {
      await logIn(String(fields.get('name')), String(fields.get('password')));
    } catch (error) {
      setFailure(reasonOf(error));
      setBusy(false);
      form.querySelector<HTMLInputElement>('[name=password]')?.select();
    }
  };
  return (
    <main class="login">
      <div class="card">
        <img src="/icon.svg" alt="" width="48" height="48" />
        <h1>Trading core</h1>
        <p class="quiet">Console for operators of {location.host}</p>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!isBusy) unawaited(enter(event.currentTarget));
          }}
        >
          {failure !== null && <Failure text={failure} />}
          <label>
            Name
            <input
              name="name"
              autocomplete="username"
              autocapitalize="off"
              spellcheck={false}
              maxLength={128}
              required
              autofocus
            />
          </label>
          <label>
            Password
            <input name="password" type="password" autocomplete="current-password" maxLength={1024} required />
          </label>
          <button type="submit" class="primary" disabled={isBusy}>
            {isBusy ? 'Logging in…' : 'Log in'}
          </button>
        </form>
        <p class="quiet">
          Whatever you do here is recorded with your name. On the machine itself, <code>npm run ops -- console</code>{' '}
          prints a link that lets in once.
        </p>
      </div>
    </main>
  );
}
