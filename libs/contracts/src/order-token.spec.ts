import fc from 'fast-check';
import { requestOfToken, tokenOf } from './order-token.ts';

describe('order token', () => {
  it('is short ASCII and gives the request back', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(tokenOf(id)).toMatch(/^[\x21-\x7e]{1,32}$/);
        expect(requestOfToken(tokenOf(id))).toBe(id);
      }),
    );
  });

  it.each([null, '', 'hello', 'tc', 'tcTooShort', `x${'A'.repeat(23)}`])('is not seen in %p', (comment) => {
    expect(requestOfToken(comment)).toBeNull();
  });
});
