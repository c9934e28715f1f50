import { FIELD } from '@core/log-proof/line';

/**
 * Columns of rows as one text each, for `string_to_table(…, FIELD)`: an array would be escaped here and parsed there,
 * value by value. No value may hold `FIELD`.
 */
export const textColumns = <Name extends string>(
  rows: readonly Readonly<Record<Name, string | number>>[],
  names: readonly Name[],
): readonly string[] => names.map((name) => rows.map((row) => row[name]).join(FIELD));
