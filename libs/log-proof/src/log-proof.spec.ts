import fc from 'fast-check';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { verifyBundle, type ProofBundle } from './bundle.ts';
import { checkpointHash, signed, whyNotNext, type SignedCheckpoint } from './checkpoint.ts';
import { FIELD } from './line.ts';
import { leafHash, pathOf, rootOf, rootThrough } from './merkle.ts';

const keys = generateKeyPairSync('ed25519');
const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const AT = '2026-01-05T10:00:00.000001Z';
const accounts = ['ada', 'bob'].map((name) => `${hex(name).slice(0, 8)}-0000-4000-8000-000000000000`);
const lineOf = (position: number, version: number, account: string): string =>
  [position, version, AT, 'id', 'EquityMarked', 1, account, AT, 'c', '', 'spec@0', '{}'].join(FIELD);

/** A log whose events belong to two accounts, sealed in ranges of these sizes. */
function sealedLog(sizes: readonly number[], owners: readonly boolean[]) {
  const lines: string[] = [];
  const versions = [0, 0];
  const checkpoints: SignedCheckpoint[] = [];
  for (const size of sizes) {
    const first = lines.length + 1;
    for (let count = 0; count < size; count += 1) {
      const owner = owners[lines.length % owners.length] ? 1 : 0;
      versions[owner] = (versions[owner] ?? 0) + 1;
      lines.push(lineOf(lines.length + 1, versions[owner], accounts[owner] ?? ''));
    }
    const root = rootOf(lines.slice(first - 1).map(leafHash)).toString('hex');
    const before = checkpoints.at(-1);
    const range = { first, last: lines.length, recordedtime: AT, root, digest: hex(String(first)), answers: hex('') };
    checkpoints.push(signed({ ...range, previous: before ? checkpointHash(before) : null }, keys.privateKey));
  }
  return { lines, checkpoints };
}

function bundleOf({ lines, checkpoints }: ReturnType<typeof sealedLog>, account: string): ProofBundle {
  const events = checkpoints.flatMap(({ first, last }) => {
    const range = lines.slice(first - 1, last);
    const leaves = range.map(leafHash);
    return range.flatMap((line, index) =>
      line.split(FIELD)[6] === account
        ? [{ line, path: pathOf(leaves, index).map((hash) => hash.toString('hex')) }]
        : [],
    );
  });
  return { format: 'trading-core bundle 1', account, checkpoints, events };
}

const logs = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 }),
    fc.array(fc.boolean(), { minLength: 1 }),
  )
  .map(([sizes, owners]) => sealedLog(sizes, owners));

describe('a Merkle tree', () => {
  it('has the roots of RFC 6962', () => {
    // Root of the leaves '' and 0x00, as certificate transparency's own test data has it.
    expect(leafHash('').toString('hex')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(rootOf([leafHash(''), leafHash('\0')]).toString('hex')).toBe(
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    );
  });

  it('is reached by every leaf’s path, and by no other leaf, place or size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (size, seed) => {
        const leaves = Array.from({ length: size }, (_, index) => leafHash(String(index)));
        const [index, root] = [seed % size, rootOf(leaves)];
        const path = pathOf(leaves, index);
        const leaf = leaves[index] ?? Buffer.alloc(0);
        expect(rootThrough(leaf, index, size, path)).toEqual(root);
        expect(rootThrough(leafHash('other'), index, size, path)).not.toEqual(root);
        if (size > 1) expect(rootThrough(leaf, (index + 1) % size, size, path)).not.toEqual(root);
        expect(rootThrough(leaf, index, size, [...path, leaf])).not.toEqual(root);
        expect(rootThrough(leaf, index, size, path.slice(1))).toEqual(size === 1 ? root : null);
      }),
    );
  });
});

describe('a checkpoint', () => {
  const { checkpoints } = sealedLog([3, 2], [true, false]);
  const [first, second] = checkpoints as [SignedCheckpoint, SignedCheckpoint];

  it('follows the one before it', () => {
    expect(whyNotNext(first, null, keys.publicKey)).toBeNull();
    expect(whyNotNext(second, first, keys.publicKey)).toBeNull();
    expect(whyNotNext(second, null, keys.publicKey)).toBe('no checkpoint covers it');
  });

  it.each(Object.keys(first).filter((field) => field !== 'signature') as (keyof SignedCheckpoint)[])(
    'is not believed with another %s',
    (field) => {
      const value = second[field];
      const other =
        typeof value === 'number' ? value + 1 : field === 'recordedtime' ? AT.replace('1Z', '2Z') : hex('x');
      expect(whyNotNext({ ...second, [field]: other }, first, keys.publicKey)).toMatch(/not signed/);
    },
  );

  it('is not believed by another key', () => {
    expect(whyNotNext(first, null, generateKeyPairSync('ed25519').publicKey)).toMatch(/not signed/);
  });

  it('does not follow one that says something else', () => {
    const { signature: _, ...plain } = first;
    const rewritten = signed({ ...plain, root: hex('x') }, keys.privateKey);
    expect(whyNotNext(second, rewritten, keys.publicKey)).toMatch(/does not follow/);
  });
});

describe('a bundle', () => {
  it('proves an account’s events without showing another’s', () => {
    fc.assert(
      fc.property(logs, fc.constantFrom(...accounts), (log, account) => {
        const bundle = bundleOf(log, account);
        const verdict = verifyBundle(bundle, keys.publicKey);
        const own = log.lines.filter((line) => line.includes(account)).length;
        if (own === 0) expect(verdict).toEqual({ ok: false, why: 'it holds no events' });
        else expect(verdict).toEqual({ ok: true, events: own, versions: [1, own], until: AT });
        const other = accounts.find((each) => each !== account) ?? '';
        expect(JSON.stringify(bundle)).not.toContain(other);
      }),
    );
  });

  it('proves nothing once anything in it is changed, left out or moved', () => {
    fc.assert(
      fc.property(logs, fc.nat(), fc.constantFrom('line', 'path', 'checkpoint', 'gap', 'swap'), (log, seed, change) => {
        const bundle = structuredClone(bundleOf(log, accounts[0] ?? ''));
        const { events } = bundle;
        const index = seed % Math.max(1, events.length);
        const event = events[index];
        fc.pre(event !== undefined && (change !== 'path' || event.path.length > 0));
        fc.pre(!['gap', 'swap'].includes(change) || (index > 0 && index < events.length - 1));
        if (!event) return;
        if (change === 'line') event.line = event.line.replace('{}', '{"equity":"1"}');
        if (change === 'path') event.path[0] = hex('x');
        if (change === 'checkpoint') bundle.checkpoints.shift();
        if (change === 'gap') events.splice(index, 1);
        if (change === 'swap') events.push(...events.splice(index, 1));
        expect(verifyBundle(bundle, keys.publicKey).ok).toBe(false);
      }),
    );
  });
});
