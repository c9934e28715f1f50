import { useEffect } from 'preact/hooks';
import type { SessionAnswer } from '@core/operations/session-answer';
import { useAnswer } from '../answer.ts';
import { SessionTable } from '../overview/session-table.tsx';
import { Failure } from '../parts/failure.tsx';

/** Every registered account. */
export function AccountsPage() {
  const { answer, error } = useAnswer<readonly SessionAnswer[]>('/api/accounts', { live: true });
  useEffect(() => void (document.title = 'Accounts · Trading core'), []);
  return (
    <>
      <h1>Accounts</h1>
      {error !== null && <Failure text={error} />}
      {answer === null && error === null && <p class="waiting">Reading…</p>}
      {answer && (
        <section class="card">
          <SessionTable sessions={answer} />
        </section>
      )}
    </>
  );
}
