import type { FoundThing } from '../../src/things.ts';
import { useEffect, useState } from 'preact/hooks';
import { accountName, knownAccounts } from '../accounts.ts';
import { go } from '../address.ts';
import { read, reasonOf } from '../api.ts';
import { head } from '../live.ts';
import { unawaited } from '../unawaited.ts';

const dialogOf = (): HTMLDialogElement | null => document.querySelector('dialog.find');

/** Begins to look; whatever is typed from now on is what is looked for. */
export const openFinder = (): void => {
  if (dialogOf()?.open === false) dialogOf()?.showModal();
};

const PAUSE_MS = 250;
const LEAST = 4;
const NOTHING = 'Nothing in the log is called so.';
const TOO_SHORT = 'At least four characters of an id.';

/** "/" and Ctrl-K begin to look, wherever one is, unless one is typing. */
export function findByKeys(): void {
  addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    const isAsked = (event.key === 'k' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && !isTyping);
    if (!isAsked) return;
    event.preventDefault();
    openFinder();
  });
}

interface Found {
  readonly at: string;
  readonly kind: string;
  readonly name: string;
  readonly account: string;
}

const ofThing = ({ kind, id, account }: FoundThing): Found => ({
  ...{ at: `/thing/${id}`, kind, name: id, account: accountName(account) },
});

/** Accounts are found by their names and logins, a position of the log by its number, all else by the server. */
function known(text: string): readonly Found[] {
  const words = text.toLowerCase();
  const accounts = knownAccounts.value
    .filter(({ name, brokerLogin, account }) =>
      [name.toLowerCase(), brokerLogin, account].some((each) => each.startsWith(words)),
    )
    .map(({ account, name, venue }) => ({ at: `/accounts/${account}`, kind: 'account', name, account: venue }));
  const position = /^#?(\d{1,15})$/.exec(text)?.[1];
  return [
    ...accounts,
    ...(position === undefined || Number(position) > head.value
      ? []
      : [
          {
            at: `/log?to=${position}&open=${position}&noise=on`,
            kind: 'position of the log',
            name: position,
            account: '',
          },
        ]),
  ];
}

/** Finds an order, position, signal, event, request, account or number of the broker's, and leads to its page. */
export function FindDialog() {
  const [text, setText] = useState('');
  const [things, setThings] = useState<readonly Found[]>([]);
  const [said, setSaid] = useState('');
  const [at, setAt] = useState(0);

  useEffect(() => {
    setAt(0);
    setThings([]);
    const words = text.trim();
    if (words.length < LEAST) return setSaid(words === '' ? '' : TOO_SHORT);
    setSaid('Looking…');
    const gone = new AbortController();
    const look = async (): Promise<void> => {
      try {
        const found = await read<readonly FoundThing[]>(`/api/find?text=${encodeURIComponent(words)}`, gone.signal);
        setThings(found.map(ofThing));
        setSaid(found.length === 0 ? NOTHING : '');
      } catch (error) {
        if (!gone.signal.aborted) setSaid(reasonOf(error));
      }
    };
    const timer = window.setTimeout(() => unawaited(look()), PAUSE_MS);
    return () => {
      window.clearTimeout(timer);
      gone.abort();
    };
  }, [text]);

  const found = [...(text.trim() === '' ? [] : known(text.trim())), ...things];
  const choose = (one: Found | undefined): void => {
    if (!one) return;
    dialogOf()?.close();
    setText('');
    go(one.at);
  };
  // Where something is found already nothing is missing.
  const isFound = found.length > 0 && (said === NOTHING || said === TOO_SHORT);
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setAt((before) => Math.min(Math.max(0, before + step), found.length - 1));
  };
  return (
    <dialog class="find" aria-label="Find anything">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          choose(found[at]);
        }}
      >
        <input
          type="search"
          aria-label="An id, its first four characters, or a number of the broker’s"
          placeholder="Order, position, signal, event, request, broker’s number, account"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={move}
        />
      </form>
      <p class="quiet" aria-live="polite">
        {!isFound && said}
      </p>
      <ul>
        {found.map((one, index) => (
          <li key={one.at}>
            <a href={one.at} class={index === at ? 'chosen' : ''} onClick={() => choose(one)}>
              <strong>{one.kind}</strong> <code>{one.name}</code> <span class="quiet">{one.account}</span>
            </a>
          </li>
        ))}
      </ul>
    </dialog>
  );
}
