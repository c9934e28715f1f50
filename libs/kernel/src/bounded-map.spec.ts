import fc from 'fast-check';
import { BoundedMap } from './bounded-map.ts';

describe('BoundedMap', () => {
  it('forgets what was set longest ago', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1).set('b', 2).set('a', 3).set('c', 4);
    expect([...map]).toEqual([
      ['a', 3],
      ['c', 4],
    ]);
    expect(map.get('b')).toBeUndefined();
  });

  it('does not keep what was only read, and has room for what was deleted', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1).set('b', 2);
    map.get('a');
    expect([...map.set('c', 3).keys()]).toEqual(['b', 'c']);
    map.delete('b');
    expect([...map.set('d', 4).keys()]).toEqual(['c', 'd']);
  });

  it('tells what had to go, and not what was set anew or deleted', () => {
    const gone: number[] = [];
    const map = new BoundedMap<string, number>(2, (value) => gone.push(value));
    map.set('a', 1).set('a', 2).set('b', 3).delete('b');
    map.set('c', 4).set('d', 5);
    expect(gone).toEqual([2]);
  });

  it('holds the last keys that were set, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.integer({ min: 1, max: 5 }), (keys, max) => {
        const map = new BoundedMap<number, number>(max);
        for (const [value, key] of keys.entries()) map.set(key, value);
        const youngestFirst = [...new Set(keys.toReversed())].slice(0, max);
        expect([...map.keys()].toReversed()).toEqual(youngestFirst);
        for (const [key, value] of map) expect(keys.lastIndexOf(key)).toBe(value);
      }),
    );
  });
});
