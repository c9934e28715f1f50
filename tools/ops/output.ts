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

type Cell = string | number | null | undefined;

/** Columns as wide as they must be; nothing but a sentence when there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], none = 'none'): string {
  if (rows.length === 0) return none;
  const cells = [head, ...rows].map((row) => row.map((cell) => printable(String(cell ?? '-'))));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return cells.map((row) => line(row).trimEnd()).join('\n');
}

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

/** Text of brokers and people cannot move the operator's cursor or colour the terminal. */
export const printable = (text: string): string => text.replace(/\p{Cc}/gu, '\ufffd');

/** `2026-01-05 10:00:00.123`, in UTC as everywhere. */
export const shortTime = (instant: string | null | undefined): string =>
  instant ? `${instant.slice(0, 10)} ${instant.slice(11, 23)}` : '-';
