import { useEffect, useRef } from 'preact/hooks';
import { path } from './address.ts';
import { findOperator, leave, operator } from './api.ts';
import { FindDialog, openFinder } from './find/find-dialog.tsx';
import { isLive } from './live.ts';
import { LoginPage } from './login-page.tsx';
import { NothingHere } from './nothing-here.tsx';
import { pageAt, shownPages } from './pages.tsx';
import { Dot } from './parts/dot.tsx';
import { nextTheme, theme } from './theme.ts';
import { unawaited } from './unawaited.ts';

/** The frame around every page. */
export function App() {
  useEffect(() => unawaited(findOperator()), []);
  if (operator.value === undefined) return <p class="waiting">Reading…</p>;
  if (operator.value === null) return <LoginPage />;
  const page = pageAt(path.value);
  return (
    <div class="frame">
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="side">
        <a class="brand" href="/">
          <img src="/icon.svg" alt="" width="24" height="24" />
          Trading core
        </a>
        <button type="button" class="finder" onClick={openFinder}>
          Find anything <kbd>/</kbd>
        </button>
        <Navigation />
        <div class="side-foot">
          <p
            class="quiet"
            title={isLive.value ? 'What is recorded is shown as it is recorded' : 'The stream is being opened again'}
          >
            <Dot tone={isLive.value ? 'good' : 'bad'} /> {isLive.value ? 'live' : 'not live'}
          </p>
          <button type="button" class="plain" onClick={() => (theme.value = nextTheme())}>
            Theme: {theme.value}
          </button>
          <button
            type="button"
            class="plain"
            onClick={() => unawaited(leave())}
            title={`Logged in as ${operator.value.name}`}
          >
            Log out {operator.value.name}
          </button>
        </div>
      </header>
      <FindDialog />
      <main id="content" tabIndex={-1}>
        {page ? page.draw() : <NothingHere />}
      </main>
    </div>
  );
}

function Navigation() {
  const links = useRef<HTMLElement>(null);
  // On a telephone they are wider than their line.
  useEffect(
    () => links.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
    [path.value],
  );
  return (
    <nav aria-label="Pages" ref={links}>
      {shownPages()
        .filter(({ name }) => name !== null)
        .map(({ at, name }) => (
          <a key={at} href={at} aria-current={isAt(at) ? 'page' : undefined}>
            {name}
          </a>
        ))}
    </nav>
  );
}

const isAt = (at: string): boolean =>
  at === '/' ? path.value === '/' : path.value === at || path.value.startsWith(`${at}/`);
