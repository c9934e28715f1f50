import { circlesOf } from './circles.ts';

const graph = (...arrows: readonly (readonly [string, ...string[]])[]) =>
  circlesOf(new Map(arrows.map(([from, ...to]) => [from, to])));

describe('circlesOf', () => {
  it('lets two ways lead to the same place', () => {
    expect(graph(['a', 'b', 'c'], ['b', 'd'], ['c', 'd'], ['d'])).toEqual([]);
  });

  it('finds the way back, from wherever it is entered', () => {
    expect(graph(['a', 'b'], ['b', 'c'], ['c', 'd'], ['d', 'b'])).toEqual(['a circle: b → c → d → b']);
  });

  it('finds each circle through one place', () => {
    expect(graph(['a', 'b', 'c'], ['b', 'a'], ['c', 'a'])).toEqual(['a circle: a → b → a', 'a circle: a → c → a']);
  });

  it('finds what points at itself', () => expect(graph(['a', 'a'])).toEqual(['a circle: a → a']));
});
