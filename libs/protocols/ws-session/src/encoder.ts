import type { Decimal, Instant } from '@core/contracts/primitives';
import { toNumber } from '@core/kernel/decimal';
import { toMicros } from '@core/kernel/instant';
import { z } from 'zod';
import { Amount, Micros } from './root-models.ts';

type Encode = (value: unknown) => unknown;

/**
 * Turns one of our root models into the JSON it stands for, with every key in the order of its schema.
 * Does what `z.encode` does ten times as fast, because it does not check again what this program made.
 */
export const encoderOf = <Schema extends z.ZodType>(schema: Schema) =>
  compile(schema) as (value: z.output<Schema>) => z.input<Schema>;

function compile(schema: z.core.$ZodType): Encode {
  if (schema === Amount) return (value) => toNumber(value as Decimal);
  if (schema === Micros) return (value) => toMicros(value as Instant);
  if (schema instanceof z.ZodNullable) {
    const encode = compile(schema.unwrap());
    return (value) => (value === null ? null : encode(value));
  }
  if (schema instanceof z.ZodArray) {
    const encode = compile(schema.element);
    return (value) => (value as unknown[]).map(encode);
  }
  if (schema instanceof z.ZodObject) return objectEncoder(schema);
  if (PLAIN.some((kind) => schema instanceof kind)) return (value) => value;
  throw new Error('a root model holds a schema that nobody taught the encoder');
}

const PLAIN = [z.ZodString, z.ZodBoolean, z.ZodEnum, z.ZodRecord];

function objectEncoder(schema: z.ZodObject): Encode {
  const fields = Object.entries(schema.shape).map(([key, field]) => [key, compile(field)] as const);
  return (value) => {
    const from = value as Record<string, unknown>;
    const to: Record<string, unknown> = {};
    for (const [key, encode] of fields) to[key] = encode(from[key]);
    return to;
  };
}
