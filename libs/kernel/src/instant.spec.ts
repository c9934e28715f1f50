import fc from 'fast-check';
import { instantFromMicros, INSTANT_PATTERN, toMicros } from './instant.ts';

const DAY_MICROS = 86_400_000_000;

it('a moment is the same in microseconds and as text, whatever moment was read before', () => {
  const far = fc.integer({ min: -2e15, max: 8e15 });
  const near = fc.integer({ min: 20_000 * DAY_MICROS, max: 20_003 * DAY_MICROS });
  fc.assert(
    fc.property(fc.array(fc.oneof(far, near), { minLength: 1, maxLength: 5 }), (moments) => {
      for (const micros of moments) {
        const text = instantFromMicros(micros);
        expect(text).toMatch(INSTANT_PATTERN);
        expect(toMicros(text)).toBe(micros);
      }
    }),
  );
});
