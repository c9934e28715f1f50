import { RefusalReason } from '@core/contracts/refusal';
import { LANGUAGES } from '@core/kernel/language';
import en from './en.json';
import { isTextKey, say, userTexts, type TextKey, type UserText } from './user-text.ts';

const KEYS = Object.keys(en).filter(isTextKey);
const OTHERS = LANGUAGES.filter((language) => language !== 'en');

/** Of every name that a text may use. */
const VALUES: NonNullable<UserText['values']> = {
  ...{ field: { key: 'field.quantity' }, values: 'buy, sell', max: 2, resolution: '7' },
  ...{ closing: 2, positions: 3, why: [{ key: 'refusal.unknown-order' }, { key: 'refusal.unknown-position' }] },
  ...{ instrument: 'EURUSD', leverage: '30', what: 'order', said: 'no', allowed: '5', found: '7.5', percent: 0.5 },
  ...{ reason: { key: 'rejection.market-closed' }, cause: { key: 'unsent.too-old' } },
};
const inAll = (key: TextKey, values = VALUES) => LANGUAGES.map((language) => say(language, { key, values }));

it('every language has every text, with the same values and cases', () => {
  expect(userTexts.faults()).toEqual([]);
});

it.each(KEYS)('%s can be said in every language', (key) => {
  for (const text of inAll(key)) expect(text.trim()).not.toBe('');
});

it('no sentence is left in English', () => {
  const left = KEYS.filter((key) => en[key].endsWith('.')).flatMap((key) => {
    const english = say('en', { key, values: VALUES });
    return OTHERS.filter((language) => say(language, { key, values: VALUES }) === english).map(
      (name) => `${name} ${key}`,
    );
  });
  expect(left).toEqual([]);
});

it('no text explains a refusal that there is none of', () => {
  const explained = KEYS.filter((key) => key.startsWith('refusal.')).map((key) => key.replace('refusal.', ''));
  expect(explained.filter((reason) => reason !== 'other' && !RefusalReason.safeParse(reason).success)).toEqual([]);
});

it('what is about an order, a change, a cancellation or a closing says which', () => {
  const about = KEYS.filter((key) => en[key].includes('{what,'));
  expect(about.length).toBeGreaterThan(0);
  for (const key of about) {
    for (const language of LANGUAGES) {
      const texts = ['order', 'amendment', 'cancellation', 'close'].map((what) =>
        say(language, { key, values: { ...VALUES, what } }),
      );
      expect(new Set(texts).size).toBe(4);
    }
  }
});

it('a text may name texts of its own language, one after the other', () => {
  const values = { ...VALUES, closing: 1 };
  expect(say('en', { key: 'position.partlyClosed', values })).toBe(
    '1 of 3 positions are being closed, the others are not. Unknown order. Unknown position.',
  );
  expect(say('pl', { key: 'position.partlyClosed', values })).toBe(
    'Zamykana jest 1 z 3 pozycji, pozostałe nie. Nieznane zlecenie. Nieznana pozycja.',
  );
  expect(say('ja', { key: 'position.partlyClosed', values })).toMatch(/。不明な注文です。不明なポジションです。$/);
  expect(say('de', { key: 'position.partlyClosed', values: { ...values, closing: 0 } })).toMatch(/^Unbekannte Order\./);
});
