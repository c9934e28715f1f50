import fc from 'fast-check';
import { JSON_DEPTH_MAX, whyTooDeep } from './foreign-json.ts';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('whyTooDeep', () => {
  it('says nothing of what is flat enough', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => expect(whyTooDeep(JSON.stringify(value))).toBeNull()),
      { seed: 7 },
    );
  });

  it.each([
    nested(JSON_DEPTH_MAX),
    '[]'.repeat(9_000),
    JSON.stringify('['.repeat(9_000)),
    String.raw`["\\\"[[", "${'['.repeat(9_000)}\\"]`,
  ])('is not taken in by what only looks deep: %#', (text) => expect(whyTooDeep(text)).toBeNull());

  it.each([
    nested(JSON_DEPTH_MAX + 1),
    nested(4_500),
    nested(1_000_000),
    '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000),
    String.raw`{"a\\":"\"]]","b":${nested(JSON_DEPTH_MAX)}}`,
  ])('says of what is too deep that it is: %#', (text) => expect(whyTooDeep(text)).toBe('nested deeper than 64'));

  it('lets through nothing that could not be told again, whatever comes', () => {
    const token = fc.constantFrom('[', ']', '{', '}', '"', '\\', '\\u0000', ',', ':', '1', '"a"', ' ');
    const text = fc.oneof(
      fc.array(token, { maxLength: 300 }).map((tokens) => tokens.join('')),
      fc.integer({ min: 0, max: 20_000 }).map(nested),
    );
    fc.assert(
      fc.property(text, (given) => {
        if (whyTooDeep(given) === null) expect(() => toldAgain(given)).not.toThrow(RangeError);
      }),
      { seed: 7 },
    );
  });
});

const toldAgain = (text: string): string | null => {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  return JSON.stringify(read);
};
