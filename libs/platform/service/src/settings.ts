import { z } from 'zod';
import { aboutOf, type About } from './setting.ts';

/**
 * A group of settings: what one part of a service can be told, as a class, so that Nest gives it to whoever names it
 * in a constructor. Each setting is one line, made by a function of `setting.ts`; without a default it must be set.
 *
 * ```ts
 * export class LoginSettings extends settings('LOGIN', {
 *   windowMs: integer('The window in which failed logins are counted', 1_000, 86_400_000).default(300_000),
 * }) {}
 * ```
 *
 * is read from `LOGIN_WINDOW_MS`; with `''` in the place of the prefix, from `WINDOW_MS`.
 */
export function settings<Shape extends SettingsShape>(prefix: string, shape: Shape): SettingsClass<Shape> {
  const schema = z.object(shape);
  return class {
    static readonly prefix = prefix;
    static readonly schema = schema;

    constructor(given: Partial<z.output<typeof schema>> = {}) {
      const usual = Object.entries(shape).map(([key, setting]) => [key, defaultOf(setting)]);
      Object.freeze(Object.assign(this, Object.fromEntries(usual), given));
    }
  } as SettingsClass<Shape>;
}

type SettingsShape = Readonly<Record<string, z.ZodType>>;

interface SettingsClass<Shape extends SettingsShape> {
  /** The defaults, with `given` in the place of some: for specs. */
  new (given?: Partial<z.output<z.ZodObject<Shape>>>): Readonly<z.output<z.ZodObject<Shape>>>;
  readonly prefix: string;
  readonly schema: z.ZodObject<Shape>;
}

/** A class made by `settings`, whatever is in it. */
export interface SettingsGroup {
  new (given?: object): object;
  readonly prefix: string;
  readonly schema: z.ZodObject;
}

/** What a whole service can be told: its groups under their names, in the order of the documentation. */
export type Groups = Readonly<Record<string, SettingsGroup>>;

/** The settings as they were read: `config.login.windowMs`. */
export type Config<Of extends Groups> = { readonly [Name in keyof Of]: InstanceType<Of[Name]> };

/** One setting, for documentation and messages. */
export interface Setting extends About {
  readonly variable: string;
  readonly optional: boolean;
  readonly usual: unknown;
}

/** Every setting of a service. */
export const settingsOf = (groups: Groups): readonly Setting[] =>
  Object.values(groups).flatMap((group) =>
    Object.entries(group.schema.shape).map(([key, schema]) => ({
      ...aboutOf(schema),
      variable: variableOf(group, key),
      optional: schema instanceof z.ZodOptional,
      usual: defaultOf(schema),
    })),
  );

/** The environment variable from which a group reads one of its settings. */
export const variableOf = ({ prefix }: SettingsGroup, key: string): string =>
  [prefix, key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()].filter(Boolean).join('_');

const defaultOf = (schema: z.core.$ZodType): unknown =>
  schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
