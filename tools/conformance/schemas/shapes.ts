/** A JSON Schema, as far as these say it. */
export type JsonSchema = Readonly<Record<string, unknown>>;
type Fields = Readonly<Record<string, JsonSchema>>;

export const text: JsonSchema = { type: 'string' };
export const filled: JsonSchema = { type: 'string', minLength: 1 };
export const number: JsonSchema = { type: 'number' };
export const positive: JsonSchema = { type: 'number', exclusiveMinimum: 0 };
export const notNegative: JsonSchema = { type: 'number', minimum: 0 };
export const flag: JsonSchema = { type: 'boolean' };
/** Whole seconds since the epoch; milliseconds would be beyond the maximum, which is in the year 5138. */
export const seconds: JsonSchema = { type: 'integer', minimum: 0, maximum: 99_999_999_999 };

export const oneOf = (...words: readonly string[]): JsonSchema => ({ type: 'string', enum: words });
export const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });
export const anyOf = (...schemas: readonly JsonSchema[]): JsonSchema => ({ anyOf: schemas });
export const list = (items: JsonSchema, minItems = 0): JsonSchema => ({ type: 'array', items, minItems });

/** An object that may say more than this. */
export const open = (required: Fields, optional: Fields = {}): JsonSchema => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
});

/** An object that may say nothing else. */
export const closed = (required: Fields, optional: Fields = {}): JsonSchema => ({
  ...open(required, optional),
  additionalProperties: false,
});

const okStatus = oneOf('ok');
/** The envelope of a success. */
export const ok = (d: JsonSchema): JsonSchema => closed({ s: okStatus, d });
export const bareOk: JsonSchema = closed({ s: okStatus });
/** The envelope of a failure; the user reads its text. */
export const failure: JsonSchema = closed({ s: oneOf('error'), errmsg: filled });
