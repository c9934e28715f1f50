import { parseDecimal } from '@core/kernel/decimal';
import { z } from 'zod';
import { Flag, Float, Integer, WireText, Time, type Written } from './wire-types.ts';

/** Turns a value into JSON text; prepared once for each schema. */
export type Encoder<Value> = (value: Written<Value>) => string;

/**
 * The writer for a record, typed by its fields: a `Float` always gets a decimal point and never an exponent, an
 * `Integer` or `Time` never has a point. Fields come in the schema's order; one that is undefined is left out where the
 * schema allows it. A value that its type cannot hold is a bug of the writer, and throws.
 */
export function recordEncoderOf<Schema extends z.ZodType>(schema: Schema): Encoder<z.output<Schema>> {
  return compile(schema);
}

type Encode = (value: unknown) => string;

function compile(schema: unknown): Encode {
  const scalar = scalars.get(schema);
  if (scalar) return scalar;
  if (schema instanceof z.ZodNullable) return nullable(compile(schema.def.innerType));
  if (schema instanceof z.ZodOptional) return compile(schema.def.innerType);
  if (schema instanceof z.ZodArray) return list(compile(schema.def.element));
  if (schema instanceof z.ZodObject) return record(schema);
  if (schema instanceof z.ZodUnion) return JSON.stringify;
  throw new Error('a schema that no wire type stands for');
}

const text: Encode = (value) => (typeof value === 'string' ? JSON.stringify(value) : fail('a text', value));
const flag: Encode = (value) => (typeof value === 'boolean' ? String(value) : fail('a flag', value));

const integer: Encode = (value) =>
  Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d+$/.test(value))
    ? String(value)
    : fail('a whole number', value);

const float: Encode = (value) => {
  if (typeof value !== 'string' && !(typeof value === 'number' && Number.isFinite(value)))
    return fail('a number', value);
  const written = String(value);
  const plain = written.includes('e') ? (parseDecimal(written) ?? fail('a number', value)) : written;
  return plain.includes('.') ? plain : `${plain}.0`;
};

const scalars = new Map<unknown, Encode>([
  [Float, float],
  [Integer, integer],
  [Time, integer],
  [WireText, text],
  [Flag, flag],
]);

const nullable =
  (encode: Encode): Encode =>
  (value) =>
    value === null ? 'null' : encode(value);

const list =
  (encode: Encode): Encode =>
  (value) =>
    Array.isArray(value) ? `[${value.map(encode).join()}]` : fail('a list', value);

function record(schema: z.ZodObject): Encode {
  const fields = Object.entries(schema.shape).map(([name, field]) => ({
    name,
    key: `${JSON.stringify(name)}:`,
    encode: compile(field),
    optional: field instanceof z.ZodOptional,
  }));
  return (value) => {
    if (typeof value !== 'object' || value === null) return fail('a record', value);
    const values = value as Readonly<Record<string, unknown>>;
    let written = '';
    for (const { name, key, encode, optional } of fields) {
      if (optional && values[name] === undefined) continue;
      written += `${written === '' ? '' : ','}${key}${encode(values[name])}`;
    }
    return `{${written}}`;
  };
}

function fail(expected: string, value: unknown): never {
  throw new TypeError(`not ${expected}: ${JSON.stringify(value)}`);
}
