import { SeededChance } from './seeded-chance.ts';

/** A value that nobody who means well sends. As text, because some of them no value of ours can hold. */
const SMALL: readonly string[] = [
  ...['null', 'true', '-1', '0', '0.1', '1e21', '1e400', '-1e400', '9e15', '8640000000000001', '1e-400'],
  ...['[]', '{}', '[[]]', '""', '"\\u0000"', '"\\ud800"', '"\\udfff\\ud800"', '" "', '"\u202e"', '"NaN"', '"-0"'],
  ...['"1e400"', '"2999-01-01T00:00:00.000000Z"', '"275760-09-13T00:00:00.000000Z"', '"2026-02-30T00:00:00.000000Z"'],
  ...['{"__proto__":{"type":"x"}}', '{"constructor":{"prototype":1}}', '"__proto__"', '"constructor"', '"toString"'],
  `"1${'0'.repeat(400)}"`,
  `1${'0'.repeat(400)}`,
  `"${'x'.repeat(513)}"`,
];

/** Deeper than whoever tells it again bears; what only parses it bears more. */
const DEEP: readonly (() => string)[] = [
  () => '['.repeat(10_000) + ']'.repeat(10_000),
  () => '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000),
];
const LONG: readonly (() => string)[] = [() => `"${'x'.repeat(1_000_000)}"`, () => `[${'0,'.repeat(20_000)}0]`];

const TEXTS: readonly string[] = ['', ' ', '{', '}', '"', '\\', 'null', '0', '[]', '{}', '{}{}', '\u0000', '\ufeff{}'];
const ADDRESSES: readonly string[] = ['//', 'http://[', '*', '/%', '/%zz?%', '?', '\\', ':99999', '/..//', '/\u0000'];
const DEEP_ONE_IN = 40;
const LONG_ONE_IN = 800;

/** Inputs that are nearly right: valid examples with something hostile in them. The same seed makes the same ones. */
export class Hostile extends SeededChance {
  /** What follows from an example, as bytes: not always UTF-8, and not always JSON. */
  of(examples: readonly string[]): Uint8Array {
    const example = this.one(examples);
    const kind = this.below(10);
    if (kind === 0) return Buffer.from(this.one(TEXTS));
    if (kind === 1) return Buffer.from(this.one(ADDRESSES));
    if (kind < 4) return this.damaged(Buffer.from(example));
    return Buffer.from(this.replaced(example));
  }

  /** Bytes changed, cut off or told twice: through characters and tokens alike. */
  private damaged(bytes: Buffer): Uint8Array {
    const at = this.below(bytes.length + 1);
    const kind = this.below(4);
    if (kind === 0) return bytes.subarray(0, at);
    if (kind === 1) return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xe2, 0x82]), bytes.subarray(at)]);
    if (kind === 2) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(this.below(bytes.length + 1))]);
    const changed = Buffer.from(bytes);
    if (at < changed.length) changed[at] = this.below(256);
    return changed;
  }

  /** One to three values of the text replaced, or a key: any token will do, well-formed or not. */
  private replaced(text: string): string {
    let changed = text;
    for (let times = 1 + this.below(3); times > 0; times -= 1) {
      const tokens = [...changed.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.e+-]*|true|false|null|\[\]|\{\}/g)];
      const token = tokens[this.below(tokens.length || 1)];
      if (token === undefined) return changed;
      const end = token.index + token[0].length;
      const atom = this.atom();
      const twice = changed[end] === ':' && this.below(2) === 0 ? `${token[0]}:${atom},` : '';
      const replacement = twice === '' ? atom : twice + token[0];
      changed = changed.slice(0, token.index) + replacement + changed.slice(end);
      if (changed.length > 15_000) break;
    }
    return changed;
  }

  private atom(): string {
    if (this.below(DEEP_ONE_IN) === 0) return this.one(DEEP)();
    return this.below(LONG_ONE_IN) === 0 ? this.one(LONG)() : this.one(SMALL);
  }
}
