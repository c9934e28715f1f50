/** The languages that people are spoken to in; English stands for every other. */
export const LANGUAGES = ['en', 'de', 'es', 'fr', 'it', 'pl', 'pt', 'ru', 'tr', 'ja', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Names of languages that begin otherwise: TradingView says where people live. */
const ALSO: Readonly<Record<string, Language>> = { br: 'pt' };

/** The language of a locale (`de`, `de_DE`, `pt-BR`, `br`), or null where it is none of ours. */
export function languageOf(locale: unknown): Language | null {
  const name = typeof locale === 'string' ? (/^[a-z]{2}(?![a-z])/i.exec(locale)?.[0].toLowerCase() ?? '') : '';
  return LANGUAGES.find((language) => language === name) ?? ALSO[name] ?? null;
}

/** The first of ours that a browser asks for (`Accept-Language`), whose order is what it likes best. */
export function acceptedLanguage(header: string | undefined): Language | null {
  for (const each of (header ?? '').split(',')) {
    const language = languageOf(each.trim());
    if (language) return language;
  }
  return null;
}
