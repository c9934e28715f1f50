import { Differences } from './differences.ts';

describe('Differences', () => {
  it('tells all the first time, then only what is new, whole', () => {
    const differences = new Differences();
    expect(differences.next([])).toEqual([]);
    expect(differences.next([])).toBeNull();
    expect(differences.next([['a', '1']])).toEqual(['1']);
    expect(differences.next([['a', '1'], ['b', '2']])).toEqual(['2']); // prettier-ignore
    expect(differences.next([['a', '3'], ['b', '2']])).toEqual(['3']); // prettier-ignore
  });
});
