import type { Decimal } from '@core/contracts/primitives';
import { absolute, compare, isNegative, parseDecimal, ZERO } from '@core/kernel/decimal';
import { err, ok, type Result } from '@core/kernel/result';
import type { TextKey, UserText } from '../texts/user-text.ts';

/** Or why a form cannot be taken, for the user. */
export type Decoded<Value> = Result<Value, UserText>;

/** A field as its user knows it; one that no user sees goes by its own name. */
export type FieldName = string | { readonly key: Extract<TextKey, `field.${string}`> };

/** More digits than any price or quantity has: what is longer is not a number of ours, and not worth computing with. */
const LONGEST = 32;
const LARGEST: Decimal = '1000000000000';
const FINEST_DIGITS = 12;

/** A number of zero or more, as browsers write them: `1.5`, `1e-7`. Absent and empty are null. */
export function decodeNumber(field: FieldName, text: string | undefined): Decoded<Decimal | null> {
  if (text === undefined || text === '') return ok(null);
  const outOfRange = err({ key: 'form.range', values: { field } } as const);
  if (text.length > LONGEST || /e[+-]?\d{3}/i.test(text))
    return Number(text) >= 0 ? outOfRange : err(notPositive(field));
  const value = parseDecimal(text);
  if (value === null || isNegative(value)) return err(notPositive(field));
  const digits = value.includes('.') ? value.length - value.indexOf('.') - 1 : 0;
  return compare(absolute(value), LARGEST) > 0 || digits > FINEST_DIGITS ? outOfRange : ok(value);
}

/** A price or quantity; zero counts as absent, as clients send it for prices that an order type does not have. */
export function decodePositive(field: FieldName, text: string | undefined): Decoded<Decimal | null> {
  const number = decodeNumber(field, text);
  return number.ok && number.value === ZERO ? ok(null) : number;
}

export const notPositive = (field: FieldName): UserText => ({ key: 'form.positive', values: { field } });
