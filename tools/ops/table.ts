import CliTable from 'cli-table3';
import stringWidth from 'string-width';

export type Cell = string | number | null | undefined;

/** What a table is written to: so many columns wide; null where nobody looks, and then it is as wide as it must be. */
export interface Terminal {
  readonly columns: number | null;
  readonly colours: boolean;
}

const GAP = '  ';
/** Narrower than this nobody reads a column. */
const NARROWEST = 6;

/** Colours only on a terminal that has them, and never where somebody asks for none (no-color.org). */
export const terminalOf = (
  {
    isTTY,
    columns,
    hasColors,
  }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> & { hasColors?: () => boolean } = process.stdout,
  { NO_COLOR: none = '' }: NodeJS.ProcessEnv = process.env,
): Terminal => ({
  columns: isTTY && columns > 0 ? columns : null,
  colours: isTTY && none === '' && (hasColors?.call(process.stdout) ?? false),
});

/** Columns below each other; nothing but a sentence when there are no rows. What is too wide for the terminal is broken. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  none = 'none',
  terminal: Terminal = terminalOf(),
): string {
  if (rows.length === 0) return none;
  const cells = [head, ...rows].map((row) => row.map((cell) => printable(String(cell ?? '-'))));
  const widths = head.map((_, column) => Math.max(1, ...cells.map((row) => stringWidth(row[column] ?? ''))));
  const { columns, colours } = terminal;
  if (columns === null) return cells.map((row) => plainLine(row, widths)).join('\n');
  const [names = [], ...values] = cells;
  const colWidths = fitted(widths, columns - gapsOf(head.length));
  if (sumOf(colWidths) + gapsOf(head.length) > columns) return cards(names, values, columns);
  const above = drawn([names], colWidths);
  return [...(colours ? above.map(bold) : above), ...drawn(values, colWidths)].join('\n');
}

/** Where not even narrow columns have room: each row by itself, a line for each of its cells. */
function cards(names: readonly string[], rows: readonly (readonly string[])[], columns: number): string {
  const widthOf = (texts: readonly string[]): number => Math.max(1, ...texts.map((text) => stringWidth(text)));
  const colWidths = fitted([widthOf(names), widthOf(rows.flat())], columns - gapsOf(2));
  const card = (row: readonly string[]) =>
    drawn(
      names.map((name, column) => [name, row[column] ?? '']),
      colWidths,
    );
  return rows.map((row) => card(row).join('\n')).join('\n\n');
}

const sumOf = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0);

const gapsOf = (count: number): number => GAP.length * (count - 1);

const drawn = (rows: readonly (readonly string[])[], colWidths: number[]): readonly string[] => {
  const lines = new CliTable({
    chars: { ...NO_LINES, middle: GAP },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    ...{ colWidths, wordWrap: true },
  });
  lines.push(...rows.map((row) => row.map((cell, column) => broken(cell, colWidths[column] ?? NARROWEST))));
  return lines
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
};

/** Lines break between words; only a word that is wider than its column is broken within. */
const broken = (text: string, width: number): string =>
  text
    .split(' ')
    .map((word) => piecesOf(word, width).join('\n'))
    .join(' ');

function piecesOf(word: string, width: number): readonly string[] {
  const pieces = [''];
  for (const letter of word) {
    const longer = `${pieces.at(-1) ?? ''}${letter}`;
    if (stringWidth(longer) > width) pieces.push(letter);
    else pieces[pieces.length - 1] = longer;
  }
  return pieces;
}

/** The widest columns give way first, so that what is short stays in one line. */
export function fitted(widths: readonly number[], room: number): number[] {
  const narrowed = [...widths];
  for (let over = sumOf(narrowed) - room; over > 0; over -= 1) {
    const widest = narrowed.indexOf(Math.max(...narrowed));
    if ((narrowed[widest] ?? 0) <= NARROWEST) break;
    narrowed[widest] = (narrowed[widest] ?? 0) - 1;
  }
  return narrowed;
}

/** Text of brokers and people cannot move the operator's cursor or colour the terminal. */
export const printable = (text: string): string => text.replace(/\p{Cc}/gu, '\ufffd');

const plainLine = (row: readonly string[], widths: readonly number[]): string =>
  row
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell))))
    .join(GAP)
    .trimEnd();

const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;

const NO_LINES = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((name) => [name, '']),
);
