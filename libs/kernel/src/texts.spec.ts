import { LANGUAGES, type Language } from './language.ts';
import { Texts, type Catalogue } from './texts.ts';

type Key = 'greeting' | 'count' | 'who';

const en: Catalogue<Key> = {
  greeting: 'Hello <b>{name}</b>',
  count: '{count, plural, one {one order} other {# orders}}',
  who: '{who, select, ada {Hello {name}} other {Hello}}',
};
const catalogues = (more: Partial<Record<Language, Catalogue<Key>>> = {}): Record<Language, Catalogue<Key>> => ({
  ...(Object.fromEntries(LANGUAGES.map((language) => [language, en])) as Record<Language, Catalogue<Key>>),
  ...more,
});
const ru: Catalogue<Key> = {
  ...en,
  count: '{count, plural, one {# заявка} few {# заявки} other {# заявок}}',
};

describe('Texts', () => {
  const texts = new Texts(catalogues({ ru }));

  it('says a text with its values, as each language counts, and tags are text', () => {
    expect(texts.say('en', 'greeting', { name: '<Ada>' })).toBe('Hello <b><Ada></b>');
    expect([1, 2, 5].map((count) => texts.say('en', 'count', { count }))).toEqual([
      'one order',
      '2 orders',
      '5 orders',
    ]);
    expect([1, 2, 5].map((count) => texts.say('ru', 'count', { count }))).toEqual(['1 заявка', '2 заявки', '5 заявок']);
  });

  it('does not say half a text', () => expect(() => texts.say('en', 'greeting')).toThrow(/name/));

  it('knows which texts are missing, empty, too many, or name other values', () => {
    expect(texts.faults()).toEqual([]);
    const { count: _count, ...short } = en;
    const wrong = new Texts(
      catalogues({
        de: short as Catalogue<Key>,
        es: { ...en, greeting: ' ' },
        fr: { ...en, greeting: 'Bonjour {nom}' },
        it: { ...en, more: 'x' } as Catalogue<Key>,
        pl: { ...en, who: '{who, select, ada {Cześć {nick}} other {Cześć}}' },
        pt: { ...en, who: '{who, select, bob {Olá {name}} other {Olá}}' },
      }),
    );
    expect(wrong.faults()).toEqual(['de count', 'es greeting', 'fr greeting', 'it more', 'pl who', 'pt who']);
  });
});
