import fc from 'fast-check';
import type { DataGroup } from './data-feed-entities.ts';
import { dataGroupFault } from './data-groups.ts';

const group = (id: string, ...instruments: string[]): DataGroup => ({ id, instruments, traderIds: null });

it.each([
  ['Acme_x', 'is no name'],
  ['acme', 'is no name'],
  ['acme_', 'is no name'],
  ['acme_x1', 'is no name'],
  ['other_x', 'all groups begin with acme_'],
])('%s cannot be a group', (id, fault) => {
  expect(dataGroupFault(group(id), [group('acme_fx')])).toContain(fault);
});

it('whatever is put, TradingView may be told: at most ten, one beginning, and an instrument in one of them', () => {
  const id = fc.constantFrom(...'abcdefghijkl').map((letter) => `acme_${letter}`);
  const instruments = fc.uniqueArray(fc.constantFrom('EURUSD', 'GOLD', 'US500', 'DE40'));
  const puts = fc.array(fc.tuple(fc.oneof(id, fc.constant('other_a')), instruments), { maxLength: 60 });
  fc.assert(
    fc.property(puts, (all) => {
      const known = new Map<string, DataGroup>();
      for (const [name, members] of all) {
        const next = group(name, ...members);
        if (dataGroupFault(next, [...known.values()]) === null) known.set(name, next);
      }
      const members = [...known.values()].flatMap((each) => each.instruments);
      expect(known.size).toBeLessThanOrEqual(10);
      expect(new Set([...known.keys()].map((name) => name.split('_')[0])).size).toBeLessThanOrEqual(1);
      expect(new Set(members).size).toBe(members.length);
    }),
  );
});

it('what is in a group may be put there again, and taken out for another', () => {
  const known = [group('acme_fx', 'EURUSD'), group('acme_cfd', 'GOLD')];
  expect(dataGroupFault(group('acme_fx', 'EURUSD', 'USDJPY'), known)).toBeNull();
  expect(dataGroupFault(group('acme_cfd', 'GOLD', 'EURUSD'), known)).toContain('EURUSD is in acme_fx');
});
