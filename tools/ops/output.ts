import { printable, type Cell } from './table.ts';

/** How a command answers: one JSON value for machines, or lines for people. */
export interface Output {
  readonly json: boolean;
  /** `value` is what machines get; `people` makes the lines, and is not called for machines. */
  say(value: unknown, people: () => string): void;
}

export const outputOf = (json: boolean): Output => ({
  json,
  say(value, people) {
    console.log(json ? JSON.stringify(value) : people());
  },
});

/** Names and values below each other. */
export const facts = (pairs: readonly (readonly [name: string, value: Cell])[]): string => {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${printable(String(value ?? '-'))}`).join('\n');
};

export interface Branch {
  readonly text: string;
  readonly branches: readonly Branch[];
}

/** A tree in the usual drawing. */
export function tree({ text, branches }: Branch): string {
  const below = branches.map((branch, index) => {
    const last = index === branches.length - 1;
    const [first = '', ...rest] = tree(branch).split('\n');
    return [`${last ? '└─ ' : '├─ '}${first}`, ...rest.map((line) => `${last ? '   ' : '│  '}${line}`)].join('\n');
  });
  return [printable(text), ...below].join('\n');
}

/** `2026-01-05 10:00:00.123`, in UTC as everywhere. */
export const shortTime = (instant: string | null | undefined): string =>
  instant ? `${instant.slice(0, 10)} ${instant.slice(11, 23)}` : '-';

const VALUE_MAX = 60;

/** A field of a state as people get it: its beginning is enough to know it. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'none';
  const text = printable(typeof value === 'string' ? value : JSON.stringify(value));
  return text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX)}…` : text;
}
