import fc from 'fast-check';
import { canonicalJson, jsonDigest } from './canonical-json.ts';
import { differences, fieldAt } from './json-difference.ts';

const json = fc.jsonValue({ maxDepth: 4 });

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]): [string, unknown] => [name, shuffled(member)]);
  return Object.fromEntries(members.toReversed());
};

describe('canonical JSON', () => {
  it('reads as the value it spells, whatever order its members were made in', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('has one digest, for ever', () => {
    expect(canonicalJson({ b: [1, 'é'], a: { d: null, c: true } })).toBe('{"a":{"c":true,"d":null},"b":[1,"é"]}');
    expect(jsonDigest({ b: 1, a: 2 })).toBe('d3626ac30a87e6f7a6428233b3c68299976865fa5508e4267c5415c76af7a772');
  });
});

describe('differences', () => {
  it('are none between equals, and name both sides of every field in which two values differ', () => {
    fc.assert(
      fc.property(json, json, (left, right) => {
        expect(differences(left, shuffled(left))).toEqual([]);
        const found = differences(left, right);
        expect(found.length === 0).toBe(canonicalJson(left) === canonicalJson(right));
        for (const difference of found) {
          expect(fieldAt(left, difference.path)).toEqual(difference.left);
          expect(fieldAt(right, difference.path)).toEqual(difference.right);
        }
      }),
    );
  });

  it('go as deep as both sides go', () => {
    const left = { order: { price: '1.1', fills: [1] }, gone: { a: 1 } };
    const right = { order: { price: '1.2', fills: [1, 2] }, come: null };
    expect(differences(left, right)).toEqual([
      { path: ['order', 'price'], left: '1.1', right: '1.2' },
      { path: ['order', 'fills'], left: [1], right: [1, 2] },
      { path: ['gone'], left: { a: 1 }, right: undefined },
      { path: ['come'], left: undefined, right: null },
    ]);
  });
});
