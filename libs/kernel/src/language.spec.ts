import { acceptedLanguage, LANGUAGES, languageOf } from './language.ts';

describe('languageOf', () => {
  it.each([
    ['en', 'en'],
    ['de_DE', 'de'],
    ['pt-BR', 'pt'],
    ['br', 'pt'],
    ['zh_TW', 'zh'],
    ['JA', 'ja'],
  ])('%s is %s', (locale, language) => expect(languageOf(locale)).toBe(language));

  it.each([undefined, null, 7, '', 'e', 'xx', 'den', 'deutsch', ' de', '\r\nde', ['de']])(
    '%p is none of ours',
    (locale) => {
      expect(languageOf(locale)).toBeNull();
    },
  );

  it('knows its own names', () => expect(LANGUAGES.map(languageOf)).toEqual(LANGUAGES));
});

it('takes the first language of a browser that is one of ours', () => {
  expect(acceptedLanguage('ar, fr-CH;q=0.9, en;q=0.8')).toBe('fr');
  expect(acceptedLanguage('ar,*;q=0.1')).toBeNull();
  expect(acceptedLanguage(undefined)).toBeNull();
});
