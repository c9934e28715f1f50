import fc from 'fast-check';

const SURROGATES_FROM = 0xd800;
const SURROGATES = 0x800;
const LAST = 0x10ffff;

/**
 * A `unit` of texts: any character there is, halves of none. fast-check's own, `binary`, writes down all million of them
 * in each file that names it, which takes longer than most specs.
 */
export const anyCharacter = fc.nat(LAST - SURROGATES).map(
  (index) => String.fromCodePoint(index < SURROGATES_FROM ? index : index + SURROGATES),
  (text) => {
    const code = typeof text === 'string' && [...text].length === 1 ? text.codePointAt(0) : undefined;
    if (code === undefined) throw new Error('this is not one character');
    return code < SURROGATES_FROM ? code : code - SURROGATES;
  },
);
