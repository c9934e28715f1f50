import type { ComponentChildren } from 'preact';

interface Column<Row> {
  readonly name: string;
  readonly isNumber?: boolean;
  cell(row: Row): ComponentChildren;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  keyOf(row: Row): string;
  /** What is said where there are none. */
  readonly none: string;
  /** Its cells are short: all of them stand beside each other on a telephone too. */
  readonly isSlim?: boolean;
}

/** So many columns are wider than a telephone, unless they are slim. */
const MANY_COLUMNS = 4;

/** Rows below each other. Wide ones scroll within; on a telephone a row of many cells is a list of them, with their names. */
export function DataTable<Row>({ label, columns, rows, keyOf, none, isSlim = false }: DataTableProps<Row>) {
  if (rows.length === 0) return <p class="empty">{none}</p>;
  return (
    <div
      class={isSlim || columns.length < MANY_COLUMNS ? 'scroll' : 'scroll listed'}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <table>
        <thead>
          <tr>
            {columns.map(({ name, isNumber }) => (
              <th key={name} class={isNumber ? 'number' : ''}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ name, isNumber, cell }) => (
                <td key={name} class={isNumber ? 'number' : ''} data-name={name}>
                  {cell(row) ?? '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
