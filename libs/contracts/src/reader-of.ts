import { z } from 'zod';

/** Whether a value is already, to the order of its keys, what its schema would make of it. False says nothing. */
type IsAsIs = (value: unknown) => boolean;

/**
 * Reads what came from outside as `safeParse` of the schema does, many times as fast where it is well: nearly all that
 * our own services send is, so it is looked through once and not made anew. Whatever else comes, the schema judges.
 */
export function readerOf<Schema extends z.ZodType>(
  schema: Schema,
): (input: unknown) => z.ZodSafeParseResult<z.output<Schema>> {
  const isAsIs = compile(schema);
  return (input) => (isAsIs(input) ? { success: true, data: input as z.output<Schema> } : schema.safeParse(input));
}

function compile(schema: z.core.$ZodType): IsAsIs {
  if (schema instanceof z.ZodNullable) {
    const isInner = compile(schema.unwrap());
    return (value) => value === null || isInner(value);
  }
  if (schema instanceof z.ZodArray) return all(Array.isArray, compileItems(schema), ...checksOf(schema));
  if (schema instanceof z.ZodTuple) return compileTuple(schema);
  if (schema instanceof z.ZodObject) return compileObject(schema);
  if (schema instanceof z.ZodDiscriminatedUnion) return compileChoice(schema);
  if (schema instanceof z.ZodEnum) return isOneOf(schema.options);
  if (schema instanceof z.ZodLiteral) return isOneOf([...schema.values]);
  if (schema instanceof z.ZodUnknown) return () => true;
  if (schema instanceof z.ZodBoolean) return (value) => typeof value === 'boolean';
  if (schema instanceof z.ZodString) return all((value) => typeof value === 'string', ...checksOf(schema));
  if (schema instanceof z.ZodTemplateLiteral)
    return all((value) => typeof value === 'string', matches(schema._zod.pattern), ...checksOf(schema));
  if (schema instanceof z.ZodNumberFormat && schema._zod.def.format === 'safeint')
    return all(Number.isSafeInteger, ...checksOf(schema));
  return never;
}

const never: IsAsIs = () => false;

function all(...checks: readonly IsAsIs[]): IsAsIs {
  if (checks.includes(never)) return never;
  return (value) => {
    for (const check of checks) if (!check(value)) return false;
    return true;
  };
}

const isOneOf = (values: readonly unknown[]): IsAsIs => {
  const known = new Set(values);
  return (value) => known.has(value);
};

const matches =
  (pattern: RegExp): IsAsIs =>
  (value) =>
    pattern.test(value as string);

function checksOf(schema: z.core.$ZodType): IsAsIs[] {
  const checks = schema._zod.def.checks ?? [];
  // A format is also a check of itself.
  return checks.filter((check) => (check as unknown) !== schema).map(compileCheck);
}

function compileCheck(check: z.core.$ZodCheck): IsAsIs {
  if (check instanceof z.core.$ZodCheckMaxLength) {
    const { maximum } = check._zod.def;
    return (value) => (value as { length: number }).length <= maximum;
  }
  if (check instanceof z.core.$ZodCheckMinLength) {
    const { minimum } = check._zod.def;
    return (value) => (value as { length: number }).length >= minimum;
  }
  if (check instanceof z.core.$ZodCheckRegex) return matches(check._zod.def.pattern);
  if (check instanceof z.core.$ZodCheckGreaterThan) {
    const { value: least, inclusive } = check._zod.def;
    return (value) => (inclusive ? (value as number) >= Number(least) : (value as number) > Number(least));
  }
  if (check instanceof z.core.$ZodCheckLessThan) {
    const { value: most, inclusive } = check._zod.def;
    return (value) => (inclusive ? (value as number) <= Number(most) : (value as number) < Number(most));
  }
  if (check instanceof z.ZodCustom && check._zod.def.check === 'custom') {
    const { fn } = check._zod.def as z.core.$ZodCustomDef;
    return (value) => fn(value) === true;
  }
  return never;
}

function compileItems(schema: z.ZodArray): IsAsIs {
  const isItem = compile(schema.element);
  if (isItem === never) return never;
  return (value) => {
    for (const item of value as unknown[]) if (!isItem(item)) return false;
    return true;
  };
}

function compileTuple(schema: z.ZodTuple): IsAsIs {
  const { items, rest } = schema._zod.def;
  if (rest !== null || items.some((item) => item instanceof z.ZodOptional)) return never;
  const places = items.map(compile);
  return (value) =>
    Array.isArray(value) && value.length === places.length && places.every((isItem, at) => isItem(value[at]));
}

interface Field {
  readonly key: string;
  readonly isOptional: boolean;
  readonly isAsIs: IsAsIs;
}

function fieldOf([key, schema]: [string, z.core.$ZodType]): Field {
  const isOptional = schema instanceof z.ZodOptional;
  return { key, isOptional, isAsIs: compile(isOptional ? schema.unwrap() : schema) };
}

/** Keys in the schema's order and no others, for so it would come out: what is stored of equal events is equal. */
function compileObject(schema: z.ZodObject): IsAsIs {
  if ((schema._zod.def.checks?.length ?? 0) > 0) return never;
  const fields = Object.entries(schema.shape).map(fieldOf);
  if (fields.some(({ isAsIs }) => isAsIs === never)) return never;
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    let next = 0;
    for (const key in value) {
      while (fields[next]?.key !== key) if (!fields[next++]?.isOptional) return false;
      if (!fields[next++]?.isAsIs((value as Record<string, unknown>)[key])) return false;
    }
    for (; next < fields.length; next += 1) if (!fields[next]?.isOptional) return false;
    return true;
  };
}

function compileChoice(schema: z.ZodDiscriminatedUnion): IsAsIs {
  const { discriminator, options } = schema._zod.def;
  const byName = new Map<unknown, IsAsIs>();
  for (const option of options) {
    const values = option._zod.propValues?.[discriminator] ?? [];
    for (const value of values) byName.set(value, compile(option));
  }
  return (value) => {
    if (typeof value !== 'object' || value === null) return false;
    return byName.get((value as Record<string, unknown>)[discriminator])?.(value) ?? false;
  };
}
