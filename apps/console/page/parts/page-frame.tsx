import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Failure } from './failure.tsx';

interface PageFrameProps {
  readonly title: string;
  /** Beside the title: what the page is about. */
  readonly about?: string;
  /** At the right of the head. */
  readonly actions?: ComponentChildren;
  /** Why what is shown is not as of now, or is not there. */
  readonly error: string | null;
  /** Whether there is nothing yet that could be shown. */
  readonly isEmpty: boolean;
  readonly children?: ComponentChildren;
}

/** Head of a page, why it may not be up to date, and what it shows as soon as that is known. */
export function PageFrame({ title, about, actions, error, isEmpty, children }: PageFrameProps) {
  useEffect(() => void (document.title = `${title} · Trading core`), [title]);
  return (
    <>
      <header class="page-head">
        <h1>{title}</h1>
        {about && <p class="quiet">{about}</p>}
        {actions && <span class="actions">{actions}</span>}
      </header>
      {error !== null && <Failure text={error} />}
      {isEmpty && error === null && <p class="waiting">Reading…</p>}
      {!isEmpty && children}
    </>
  );
}
