import type { Decimal } from '@core/contracts/primitives';
import { z } from 'zod';

// The types the document's tables use. They are compared by identity when a record is written, so a table here is also
// the table of how each number is printed: refine or describe a field and it loses its type.

/** "Floating number": on the wire always with a decimal point, never with an exponent (seed §4.6). */
export const Float = z.number();

/** "Number": on the wire always without a point. Documented enumerations are of this type too, so that unknown ones pass. */
export const Integer = z.int();

/** "Time": milliseconds since the epoch, UTC (seed §4.5). */
export const Time = z.int();

export const WireText = z.string();
export const Flag = z.boolean();

/**
 * A record as its writer gives it: numbers may be exact decimal text, which is then printed as it stands.
 * Reading gives numbers, because that is what a JSON parser keeps; prices of up to 15 digits survive that exactly.
 */
export type Written<Record> = Record extends boolean
  ? boolean
  : Record extends number
    ? number | Decimal
    : Record extends readonly (infer Item)[]
      ? readonly Written<Item>[]
      : Record extends object
        ? { readonly [Field in keyof Record]: Written<Record[Field]> }
        : Record;
