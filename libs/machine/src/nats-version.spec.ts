import fc from 'fast-check';
import { isSoundNats } from './nats-version.ts';

const number = fc.nat(40);
const said = (version: readonly number[]): string => `nats-server: v${version.join('.')}`;

describe('A NATS server that is trusted with a kill', () => {
  it('is 2.10.23 or anything newer', () => {
    expect(isSoundNats(said([2, 10, 23]))).toBe(true);
    fc.assert(
      fc.property(number, number, number, (major, minor, patch) => {
        const asOne = (major * 100 + minor) * 100 + patch;
        expect(isSoundNats(said([major, minor, patch]))).toBe(asOne >= 21_023);
      }),
    );
  });

  it.each(['', 'nats-server: unknown', '2.10'])('is none that says “%s”', (text) => {
    expect(isSoundNats(text)).toBe(false);
  });
});
