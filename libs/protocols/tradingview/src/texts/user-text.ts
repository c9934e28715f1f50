import { Texts } from '@core/kernel/texts';
import type { Language } from '@core/kernel/language';
import de from './de.json';
import en from './en.json';
import es from './es.json';
import fr from './fr.json';
import it from './it.json';
import ja from './ja.json';
import pl from './pl.json';
import pt from './pt.json';
import ru from './ru.json';
import tr from './tr.json';
import zh from './zh.json';

export type TextKey = keyof typeof en;

/** What a text names: another text in the same language, or sentences of it one after the other. */
type TextValue = string | number | UserText | readonly UserText[];

/** What a user is to read, in no language yet. */
export interface UserText {
  readonly key: TextKey;
  readonly values?: Readonly<Record<string, TextValue>>;
}

/** What TradingView's users read, in each language. */
export const userTexts = new Texts<TextKey>({ en, de, es, fr, it, pl, pt, ru, tr, ja, zh });

export const isTextKey = (key: string): key is TextKey => Object.hasOwn(en, key);

/** Languages that set no space between sentences. */
const UNSPACED: ReadonlySet<Language> = new Set(['ja', 'zh']);

export function say(language: Language, { key, values = {} }: UserText): string {
  const said = Object.entries(values).map(([name, value]) => [name, valueIn(language, value)] as const);
  return userTexts.say(language, key, Object.fromEntries(said));
}

function valueIn(language: Language, value: TextValue): string | number {
  if (typeof value !== 'object') return value;
  if ('key' in value) return say(language, value);
  return value.map((each) => say(language, each)).join(UNSPACED.has(language) ? '' : ' ');
}
