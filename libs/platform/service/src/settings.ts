import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Matches, Max, Min } from 'class-validator';

/**
 * Settings of a service are the fields of a class: `batchMaxEvents` is read from `BATCH_MAX_EVENTS`.
 * The decorators below say how its text is read, validate it with class-validator and describe it for the generated
 * configuration table; other class-validator decorators may be added beside them.
 * A field without a default value must be set in the environment.
 */
export interface Setting {
  readonly property: string;
  readonly variable: string;
  readonly about: string;
  readonly secret: boolean;
  readonly optional: boolean;
  /** From the environment's text to the field's type; text that does not fit is returned as it is and then refused. */
  readonly read: (text: string) => unknown;
}

interface Choices {
  /** May stay unset although it has no default. */
  readonly optional?: boolean;
  /** Its value is kept out of documentation and messages. */
  readonly secret?: boolean;
}

const settings = new WeakMap<object, Setting[]>();

/** Every setting of a class, those it inherits first. */
export function settingsOf(Config: new () => object): readonly Setting[] {
  const all = new Map<string, Setting>();
  for (const prototype of prototypesOf(Config.prototype)) {
    for (const setting of settings.get(prototype) ?? []) all.set(setting.property, setting);
  }
  return [...all.values()];
}

/** Any text that is not empty. */
export const Text = (about: string, choices: Choices = {}) =>
  declare(about, choices, String, [
    IsString({ message: 'must be text' }),
    IsNotEmpty({ message: 'must not be empty' }),
  ]);

/** Text of a given form; `form` completes the sentence "must be …". */
export const Pattern = (about: string, pattern: RegExp, form: string, choices: Choices = {}) =>
  declare(about, choices, String, [Matches(pattern, { message: `must be ${form}` })]);

/** A whole number within bounds. Say the unit in the field's name: `retryPauseMs`. */
export const Integer = (about: string, minimum: number, maximum: number, choices: Choices = {}) => {
  const message = `must be a whole number from ${minimum} to ${maximum}`;
  return declare(about, choices, readInteger, [
    Max(maximum, { message }),
    Min(minimum, { message }),
    IsInt({ message }),
  ]);
};

/** A TCP port; 0 lets the system choose a free one. */
export const Port = (about: string, choices: Choices = {}) => Integer(about, 0, 65_535, choices);

/** `true` or `false`, nothing else. */
export const Flag = (about: string) => declare(about, {}, readFlag, [IsBoolean({ message: 'must be true or false' })]);

/** One of a few words. */
export const Choice = (about: string, words: readonly string[], choices: Choices = {}) =>
  declare(about, choices, String, [IsIn(words, { message: `must be one of ${words.join(', ')}` })]);

/** A comma-separated list of texts; unset or empty is the default. */
export const List = (about: string) =>
  declare(about, {}, (text) => text.split(',').map((each) => each.trim()), [
    IsNotEmpty({ each: true, message: 'must be a comma-separated list without empty entries' }),
  ]);

/** URLs, comma-separated where the other side allows several. They may hold credentials, so the value is never shown. */
export const Url = (about: string, schemes: readonly string[], choices: Choices = {}) => {
  const begins = schemes.map((scheme) => `${scheme}://`);
  const pattern = new RegExp(`^(?:${begins.join('|')})[^\\s/]+`);
  return Pattern(about, pattern, `a URL that begins with ${begins.join(' or ')}`, { secret: true, ...choices });
};

/** The same words wherever a service needs the database. */
export const DatabaseUrl = () =>
  Url('PostgreSQL, as `postgres://user:password@host:port/database`', ['postgres', 'postgresql']);

/** The same words wherever a service needs the message broker. */
export const NatsUrl = () => Url('NATS with JetStream, as `nats://host:port`', ['nats', 'tls']);

/** The key that encrypts what must be replayed to a broker: 32 random bytes in base64. */
export const RegistryKey = () =>
  Pattern('Key of the account registry', /^[A-Za-z0-9+/]{43}=$/, '32 random bytes in base64', { secret: true });

function declare(
  about: string,
  { optional = false, secret = false }: Choices,
  read: Setting['read'],
  rules: readonly PropertyDecorator[],
): PropertyDecorator {
  return (prototype, key) => {
    const property = String(key);
    const own = settings.get(prototype) ?? [];
    settings.set(prototype, [...own, { property, variable: variableOf(property), about, secret, optional, read }]);
    for (const rule of optional ? [IsOptional(), ...rules] : rules) rule(prototype, key);
  };
}

const variableOf = (property: string): string => property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

const readInteger = (text: string): unknown => (/^-?\d{1,15}$/.test(text) ? Number(text) : text);

const readFlag = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : text);

function prototypesOf(prototype: object): object[] {
  const parent: unknown = Object.getPrototypeOf(prototype);
  return typeof parent === 'object' && parent !== null ? [...prototypesOf(parent), prototype] : [prototype];
}
