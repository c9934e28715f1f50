import { anEvent } from '@core/contracts/examples.fixture';
import { storableText, whyUnstorable } from './storable.ts';

const at = (time: string) => anEvent('TradingHalted', {}, { time });
const noting = (note: string) => anEvent('TradingHalted', { note });

describe('whyUnstorable', () => {
  it.each([
    at('2024-02-29T23:59:59.999999Z'),
    noting('line\nbreak \u001f tab\t'),
    noting('the six characters \\u0000, written out'),
    noting('whole 😀, and the six characters \\ud800, written out'),
  ])('lets pass what can be stored', (event) => expect(whyUnstorable(event)).toBeNull());

  it.each([
    [at('2023-02-29T00:00:00.000000Z'), 'calendar'],
    [at('2024-01-01T24:00:00.000000Z'), 'calendar'],
    [at('2024-01-01T00:00:60.000000Z'), 'calendar'],
    [at('0000-01-01T00:00:00.000000Z'), 'calendar'],
    [noting('\u0000'), 'NUL'],
    [noting('\\\u0000'), 'NUL'],
    [noting('\ud800 alone'), 'surrogate'],
    [noting('\\\udc00'), 'surrogate'],
    [anEvent('TradingHalted', {}, { source: 'a\ud800b' }), 'surrogate'],
    [{ ...noting('x'), schemaversion: 2 }, 'newer build'],
    [anEvent('TradingHalted', {}, { source: 'a\nb' }), 'control'],
    [anEvent('TradingHalted', {}, { source: 'a\u001fb' }), 'control'],
    [noting('x'.repeat(800 * 1024)), 'longer'],
    [noting('€'.repeat(300 * 1024)), 'longer'],
  ])('says why not', (event, why) => expect(whyUnstorable(event)).toContain(why));
});

describe('storableText', () => {
  it('replaces what cannot be stored and keeps the rest', () => {
    expect(storableText('a\u0000b\ud800c 😀\n', 100)).toBe('a\ufffdb\ufffdc 😀\n');
  });

  it('does not leave half a character at its end', () => expect(storableText('😀😀', 3)).toBe('😀\ufffd'));
});
