import { anyCharacter } from '@core/testing/any-character';
import fc from 'fast-check';
import { packColumn, unpackColumn } from './packed-column.ts';

it('gives every text back, and nothing of what is not whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: anyCharacter, maxLength: 2_000 }), async (text) => {
      const packed = await packColumn(text);
      expect(unpackColumn(packed)).toBe(text);
      expect(() => unpackColumn(packed.subarray(0, -1))).toThrow();
    }),
  );
});

it('makes a tenth of a long text of states', async () => {
  const text = JSON.stringify(Array.from({ length: 500 }, (_, n) => ({ id: n, status: 'filled', contract: 'EURUSD' })));
  expect((await packColumn(text)).length).toBeLessThan(text.length / 10);
});
