import { IntlMessageFormat } from 'intl-messageformat';
import { LANGUAGES, type Language } from './language.ts';

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

/** The names of the values in a text; `missing` for none at all. */
function valuesIn(text: string | undefined): string {
  if (text === undefined || text.trim() === '') return 'missing';
  const names = new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true })
    .getAst()
    .flatMap((part) => ('value' in part && part.type !== 0 ? [part.value] : []));
  return [...new Set(names)].toSorted().join(' ');
}
