import { useState } from 'preact/hooks';

const SHOWN_MS = 1_500;

/** Puts a text into the clipboard. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [isDone, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), SHOWN_MS);
  };
  const onClick = (): void => {
    copy().catch(() => undefined);
  };
  return (
    <button type="button" class="plain small" onClick={onClick} title={`Copy ${what}`}>
      {isDone ? 'copied' : 'copy'}
    </button>
  );
}
