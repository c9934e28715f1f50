import { anyCharacter } from '@core/testing/any-character';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { shellWord } from './shell-word.ts';

it('is the same text again when a shell has read it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: anyCharacter }).filter((text) => !/[\0\ud800-\udfff]/.test(text)),
      (text) => {
        const read = execFileSync('/bin/sh', ['-c', `printf %s. ${shellWord(text)}`], { encoding: 'utf8' });
        expect(read).toBe(`${text}.`);
      },
    ),
    { numRuns: 50 },
  );
  expect(shellWord('.data/logs/ledger.log')).toBe('.data/logs/ledger.log');
});
