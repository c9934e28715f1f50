import { anyCharacter } from '@core/testing/any-character';
import fc from 'fast-check';
import { packText, unpackText } from './packed-text.ts';

it('gives every text back, and nothing of what is not whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: anyCharacter, maxLength: 2_000 }), async (text) => {
      const packed = await packText(text);
      expect(unpackText(packed)).toBe(text);
      expect(() => unpackText(packed.subarray(0, -1))).toThrow();
    }),
  );
});

it('makes a tenth of a long text of states', async () => {
  const text = JSON.stringify(Array.from({ length: 500 }, (_, n) => ({ id: n, status: 'filled', contract: 'EURUSD' })));
  expect((await packText(text)).length).toBeLessThan(text.length / 10);
});
