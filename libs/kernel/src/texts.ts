import { IntlMessageFormat } from 'intl-messageformat';
import { LANGUAGES, type Language } from './language.ts';

/** Of a piece of plain text, in the parser's words. */
const TYPE_LITERAL = 0;

/** Texts of one language by key, in ICU's message format: `{broker}`, `{count, plural, …}`. */
export type Catalogue<Key extends string> = Readonly<Record<Key, string>>;

/**
 * What people read, in each language: one JSON file a language, the English one says which keys there are.
 *
 * ```ts
 * import de from './texts/de.json';
 * import en from './texts/en.json';
 * const texts = new Texts<keyof typeof en>({ en, de, … });
 * texts.say('de', 'logInTo', { broker: 'Acme' });
 * ```
 */
export class Texts<Key extends string> {
  private readonly formats = new Map<string, IntlMessageFormat>();

  constructor(private readonly catalogues: Readonly<Record<Language, Catalogue<Key>>>) {}

  /** Plain text: whoever writes it into HTML escapes it. Throws where a value that the text names is missing. */
  say(language: Language, key: Key, values: Readonly<Record<string, string | number>> = {}): string {
    const name = `${language} ${key}`;
    let format = this.formats.get(name);
    if (!format) {
      format = new IntlMessageFormat(this.catalogues[language][key], language, undefined, { ignoreTag: true });
      this.formats.set(name, format);
    }
    return String(format.format(values));
  }

  /** What is wrong with the catalogues: keys that are missing, empty or too many, and values that others do not name. */
  faults(): readonly string[] {
    const { en } = this.catalogues;
    return LANGUAGES.flatMap((language) => {
      const catalogue = this.catalogues[language];
      const keys = new Set([...Object.keys(en), ...Object.keys(catalogue)] as Key[]);
      return [...keys]
        .filter((key) => valuesIn(catalogue[key]) !== valuesIn(en[key]))
        .map((key) => `${language} ${key}`);
    });
  }
}

/** The names of the values in a text, and what it chooses by one; `missing` for none at all. */
function valuesIn(text: string | undefined): string {
  if (text === undefined || text.trim() === '') return 'missing';
  const names = namesIn(new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst());
  return [...new Set(names)].toSorted().join(' ');
}

type Part = ReturnType<IntlMessageFormat['getAst']>[number];

/** Numbers are told apart as each language has them, everything else in the same cases. */
function namesIn(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => {
    if ('options' in part) {
      const isNumber = 'offset' in part;
      const cases = Object.keys(part.options).map((name) => (isNumber ? part.value : `${part.value}=${name}`));
      return [...cases, ...Object.values(part.options).flatMap(({ value }) => namesIn(value))];
    }
    return 'value' in part && part.type !== TYPE_LITERAL ? [part.value] : [];
  });
}
