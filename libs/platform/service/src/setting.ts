import { z } from 'zod';

/** What people are told of one setting. */
export interface About {
  readonly description: string;
  /** Completes the sentence "DATABASE_URL must be …"; it never holds the value. */
  readonly must: string;
  /** Its value is kept out of documentation. */
  readonly secret: boolean;
}

const abouts = z.registry<About>();

/** What was said of a setting, with or without a default. Throws when it was not made by this file's functions. */
export function aboutOf(schema: z.core.$ZodType): About {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) return aboutOf(schema.unwrap());
  const about = abouts.get(schema);
  if (!about) throw new Error('a setting must be described');
  return about;
}

/** Any text that is not empty. */
export const text = (description: string, { secret = false } = {}) =>
  z.string().min(1).register(abouts, { description, must: 'be text', secret });

/** Text of a given form; `form` completes the sentence "must be …". */
export const pattern = <Text extends string = string>(
  description: string,
  form: string,
  regExp: RegExp,
  { secret = false } = {},
) =>
  z
    .custom<Text>((given) => typeof given === 'string' && regExp.test(given))
    .register(abouts, { description, must: `be ${form}`, secret });

/** A whole number within bounds. Say the unit in the key: `retryPauseMs`. */
export const integer = (description: string, minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum))
    .register(abouts, { description, must: `be a whole number from ${minimum} to ${maximum}`, secret: false });

/** A TCP port; 0 lets the system choose a free one. */
export const port = (description: string) => integer(description, 0, 65_535);

/** `true` or `false`, nothing else. */
export const flag = (description: string) =>
  z
    .stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' })
    .register(abouts, { description, must: 'be true or false', secret: false });

/** One of a few words. */
export const choice = <const Words extends readonly string[]>(description: string, words: Words) =>
  z.enum(words).register(abouts, { description, must: `be one of ${words.join(', ')}`, secret: false });

/** A comma-separated list of texts. */
export const list = (description: string) =>
  z
    .string()
    .transform((whole): readonly string[] => whole.split(',').map((each) => each.trim()))
    .refine((texts) => !texts.includes(''))
    .register(abouts, { description, must: 'be a comma-separated list without empty entries', secret: false });

/** URLs, comma-separated where the other side allows several. They may hold credentials, so the value is never shown. */
export function url(description: string, schemes: readonly string[]) {
  const begins = schemes.map((scheme) => `${scheme}://`);
  const regExp = new RegExp(`^(?:${begins.join('|')})[^\\s/]+`);
  return pattern(description, `a URL that begins with ${begins.join(' or ')}`, regExp, { secret: true });
}
