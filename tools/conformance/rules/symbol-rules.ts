import { shown } from '../answer-judge.ts';
import type { SymbolColumns } from '../broker-words.ts';
import type { Fault } from '../verdict.ts';
import { repeated } from './order-rules.ts';

/** One row of `/symbol_info`. */
export interface SymbolRow {
  readonly symbol: string;
  /** What it is asked for by: its ticker, or its symbol. */
  readonly ticker: string;
  readonly session: string;
  readonly timezone: string;
  readonly hasDaily: boolean;
  readonly hasIntraday: boolean;
}

export const symbolRows = (columns: SymbolColumns): readonly SymbolRow[] =>
  columns.symbol.map((symbol, index) => {
    const at = (name: string): unknown => (columns[name] as unknown[] | undefined)?.[index];
    return {
      symbol,
      ticker: String(at('ticker') ?? symbol),
      session: String(at('session-regular')),
      timezone: String(at('timezone')),
      hasDaily: at('has-daily') !== false,
      hasIntraday: at('has-intraday') !== false,
    };
  });

const SESSION = /^(24x7|(\d{4}-\d{4}(,\d{4}-\d{4})*)(:[1-7]+)?(\|\d{4}-\d{4}(,\d{4}-\d{4})*(:[1-7]+)?)*)$/;
const CODE = /^[A-Z0-9._]+$/;

type Rule = readonly [column: string, expected: string, holds: (value: unknown, row: Row) => boolean];
type Row = (name: string) => unknown;

const RULES: readonly Rule[] = [
  ['symbol', 'upper-case letters, digits, dots and underscores', (value) => CODE.test(String(value))],
  ['ticker', 'no comma', (value) => value === undefined || !String(value).includes(',')],
  ['exchange-listed', 'upper case', (value) => value === String(value).toUpperCase()],
  ['exchange-traded', 'upper case', (value) => value === String(value).toUpperCase()],
  ['minmovement', 'a positive integer', (value) => Number.isInteger(value) && Number(value) > 0],
  [
    'pricescale',
    'a power of ten (of two where fractional)',
    (value, row) => isPower(Number(value), row('fractional') === true ? 2 : 10),
  ],
  ['minmovement2', '0 or a power of ten', (value) => value === undefined || value === 0 || isPower(Number(value), 10)],
  ['session-regular', '24x7, or HHMM-HHMM with days as :23456', (value) => SESSION.test(String(value))],
  ['currency', 'a currency of ISO 4217', (value) => value === null || /^[A-Z0-9]{3,}$/.test(String(value))],
  [
    'volume-type',
    'a value where typespecs has crypto and there is volume',
    (value, row) =>
      Boolean(value) || row('has-no-volume') === true || !String(row('typespecs') ?? '').includes('crypto'),
  ],
];

/** Integers only: a power of ten with a fraction is none. */
function isPower(value: number, base: number): boolean {
  let rest = value;
  while (Number.isInteger(rest) && rest > 1) rest /= base;
  return rest === 1;
}

export function symbolFaults(columns: SymbolColumns): readonly Fault[] {
  const rows = columns.symbol.length;
  const uneven = Object.entries(columns).filter(([, column]) => Array.isArray(column) && column.length !== rows);
  return [
    ...uneven.map(([name, column]) => ({
      expected: `${name}: one row for each of ${rows} symbols`,
      got: String((column as unknown[]).length),
    })),
    ...repeated(symbolRows(columns).map(({ ticker }) => ticker)).map((ticker) => ({
      expected: 'every ticker once',
      got: ticker,
    })),
    ...columns.symbol.flatMap((symbol, index) => {
      const row: Row = (name) => (columns[name] as unknown[] | null | undefined)?.[index];
      return RULES.filter(([name, , holds]) => !holds(row(name), row)).map(([name, expected]) => ({
        expected: `${symbol}, ${name}: ${expected}`,
        got: shown(row(name)),
      }));
    }),
  ];
}

const GROUP = /^[a-z_]+$/;

/** At most ten, all with the broker's prefix. */
export function groupFaults(ids: readonly string[]): readonly Fault[] {
  const prefix = /^[a-z]+_/.exec(ids[0] ?? '')?.[0];
  return [
    ...ids.filter((id) => !GROUP.test(id)).map((id) => ({ expected: 'lower-case letters and _', got: shown(id) })),
    ...ids
      .filter((id) => prefix === undefined || !id.startsWith(prefix))
      .map((id) => ({ expected: `the common prefix ${prefix ?? 'ending in _'}`, got: shown(id) })),
    ...(ids.length > 10 ? [{ expected: 'at most 10 groups', got: String(ids.length) }] : []),
    ...repeated(ids).map((id) => ({ expected: 'every group once', got: id })),
  ];
}
