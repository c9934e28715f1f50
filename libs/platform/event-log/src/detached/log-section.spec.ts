import { signed, checkpointHash, type SignedCheckpoint } from '@core/log-proof/checkpoint';
import { batchDigest, lineChecksum, type CommittedBatch } from '@core/log-proof/committed-batch';
import { FIELD, placeOf } from '@core/log-proof/line';
import { leafHash, rootOf } from '@core/log-proof/merkle';
import fc from 'fast-check';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { endLine, extentIn, SectionHead, type SectionIndex } from './log-file.ts';
import { IdPlaces, idBlocksOf } from './id-places.ts';
import {
  blocksOf,
  correlationIn,
  idIn,
  inOrder,
  linesOf,
  packBlocks,
  packCorrelations,
  unpackCorrelations,
  unpackText,
} from './log-section.ts';
import { SectionProof } from './section-proof.ts';

const keys = generateKeyPairSync('ed25519');
const AT = '2026-01-05T10:00:00.000001Z';
const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const uuidOf = (text: string): string => hex(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

interface Written {
  readonly lines: readonly string[];
  readonly batches: readonly CommittedBatch[];
  readonly checkpoints: readonly SignedCheckpoint[];
}

/** A log in batches of these sizes, of as many accounts, signed after every so many batches. */
function written(sizes: readonly number[], accounts: number, sealed: number, text: string): Written {
  const lines: string[] = [];
  const batches: CommittedBatch[] = [];
  const checkpoints: SignedCheckpoint[] = [];
  const versions = new Map<string, number>();
  for (const [index, size] of sizes.entries()) {
    const first = lines.length + 1;
    for (let position = first; position < first + size; position += 1) {
      const account = uuidOf(`account ${hex(`${position}`).charCodeAt(0) % accounts}`);
      const version = (versions.get(account) ?? 0) + 1;
      versions.set(account, version);
      const data = JSON.stringify({ text, position });
      const ids = [uuidOf(`event ${position}`), 'EquityMarked', 1, account, AT, uuidOf(`chain ${position >> 2}`), ''];
      lines.push([position, version, AT, ...ids, 'spec@0', data].join(FIELD));
    }
    const own = lines.slice(first - 1);
    const said = {
      first,
      last: lines.length,
      recordedtime: AT,
      producer: 'spec@0',
      previous: batches.at(-1)?.digest ?? '',
    };
    batches.push({ ...said, digest: batchDigest(said, own), checksums: own.map(lineChecksum).join('') });
    const before = checkpoints.at(-1);
    if (index % sealed !== sealed - 1 && index !== sizes.length - 1) continue;
    const from = (before?.last ?? 0) + 1;
    const root = rootOf(lines.slice(from - 1).map(leafHash)).toString('hex');
    const range = { first: from, last: lines.length, recordedtime: AT, root, digest: batches.at(-1)?.digest ?? '' };
    const previous = before ? checkpointHash(before) : null;
    checkpoints.push(signed({ ...range, answers: hex(''), previous }, keys.privateKey));
  }
  return { lines, batches, checkpoints };
}

const logs = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 }),
    accounts: fc.integer({ min: 1, max: 6 }),
    sealed: fc.integer({ min: 1, max: 4 }),
    text: fc.string({ maxLength: 40 }),
  })
  .map(({ sizes, accounts, sealed, text }) => written(sizes, accounts, sealed, text));

/** The log in sections that end where these checkpoints end. */
function sectionsOf({ lines, batches, checkpoints }: Written, cuts: ReadonlySet<number>): [SectionHead, string[]][] {
  const sections: [SectionHead, string[]][] = [];
  let first = 1;
  for (const [index, { last }] of checkpoints.entries()) {
    if (!cuts.has(index) && index < checkpoints.length - 1) continue;
    const within = <Range extends { first: number; last: number }>(each: Range): boolean =>
      each.first >= first && each.last <= last;
    const head = { first, last, batches: batches.filter(within), checkpoints: checkpoints.filter(within) };
    sections.push([SectionHead.parse(head), lines.slice(first - 1, last)]);
    first = last + 1;
  }
  return sections;
}

const cutsOf = fc.array(fc.nat({ max: 11 })).map((cuts) => new Set(cuts));

/** Blocks as the index has them, one behind the other. */
function indexed(lines: readonly string[]): { index: Pick<SectionIndex, 'blocks'>; texts: string[][] } {
  const packed = packBlocks(lines);
  return {
    index: { blocks: packed.map(({ account, member }, place) => [account, place, member.length]) },
    texts: packed.map(({ member }) => linesOf(unpackText(member))),
  };
}

describe('a section', () => {
  it('gives back its lines in their order, and those of an account by its blocks', () => {
    fc.assert(
      fc.property(logs, ({ lines }) => {
        const { index, texts } = indexed(lines);
        expect(inOrder(texts.flat(), 1, lines.length)).toEqual(lines);
        for (const account of new Set(lines.map((line) => placeOf(line).account))) {
          const own = lines.filter((line) => placeOf(line).account === account);
          const found = blocksOf(index, account).flatMap((block) => texts[block] ?? []);
          expect(found.filter((line) => placeOf(line).account === account)).toEqual(own);
        }
      }),
    );
  });

  it('has blocks that one account is found by also where it fills several', () => {
    const { lines } = written(
      Array.from({ length: 40 }, () => 12),
      3,
      4,
      'x'.repeat(2_000),
    );
    const { index, texts } = indexed(lines);
    expect(texts.length).toBeGreaterThan(6);
    for (const account of new Set(lines.map((line) => placeOf(line).account))) {
      const blocks = blocksOf(index, account);
      expect(blocks.length).toBeLessThan(texts.length);
      const found = blocks.flatMap((block) => texts[block] ?? []).filter((line) => placeOf(line).account === account);
      expect(found).toEqual(lines.filter((line) => placeOf(line).account === account));
    }
  });

  it('never denies a chain of cause that it has a part of', () => {
    fc.assert(
      fc.property(logs, ({ lines }) => {
        const filter = unpackCorrelations(packCorrelations(lines));
        for (const line of lines) expect(filter.mayHave(correlationIn(line))).toBe(true);
      }),
    );
  });
});

it('finds every id, and each by its first digits', () => {
  const { lines } = written(
    Array.from({ length: 400 }, () => 12),
    3,
    4,
    '',
  );
  const places = new IdPlaces(1, lines.length);
  for (const line of lines) places.add(idIn(line));
  const blocks = [...places.blocks()];
  expect(blocks.length).toBeGreaterThan(2);
  const index = blocks.map(({ id }, place): [string, number, number] => [id, place, 1]);
  const found = (from: string, to: string): string[] =>
    idBlocksOf(index, from, to).flatMap((block) => linesOf(blocks[block]?.text ?? ''));
  for (const line of lines.filter((_, at) => at % 61 === 0)) {
    const id = idIn(line);
    expect(found(id, id)).toContain(`${id} ${placeOf(line).position}`);
    expect(found(id.slice(0, 9), `${id.slice(0, 9)}g`)).toContain(`${id} ${placeOf(line).position}`);
  }
});

describe('a proof', () => {
  it('holds for any log, however it is cut into sections', () => {
    fc.assert(
      fc.property(logs, cutsOf, (log, cuts) => {
        const proof = new SectionProof(null, keys.publicKey);
        for (const [head, lines] of sectionsOf(log, cuts)) expect(proof.next(head, lines)).toBeNull();
        expect(proof.to).toBe(log.lines.length);
      }),
    );
  });

  it('goes on from any checkpoint, as the next file does', () => {
    fc.assert(
      fc.property(logs, cutsOf, (log, cuts) => {
        let before: SignedCheckpoint | null = null;
        for (const [head, lines] of sectionsOf(log, cuts)) {
          const proof = new SectionProof(before, keys.publicKey);
          expect(proof.next(head, lines)).toBeNull();
          before = proof.signed;
        }
      }),
    );
  });

  it('fails for a letter, a line that is missing or doubled, two that are exchanged, and another key', () => {
    fc.assert(
      fc.property(logs, fc.nat(), (log, seed) => {
        const [[head, lines] = [null, []]] = sectionsOf(log, new Set());
        if (head === null) return;
        const at = seed % lines.length;
        const other = [...lines];
        const fails = (given: readonly string[]): void =>
          expect(new SectionProof(null, keys.publicKey).next(head, given)).not.toBeNull();
        other[at] = (lines[at] ?? '').replace('spec@0', 'spec@1');
        fails(other);
        fails(lines.toSpliced(at, 1));
        fails(lines.toSpliced(at, 0, lines[at] ?? ''));
        if (at > 0) fails(lines.with(at, lines[at - 1] ?? '').with(at - 1, lines[at] ?? ''));
        const { publicKey } = generateKeyPairSync('ed25519');
        expect(new SectionProof(null, publicKey).next(head, lines)?.why).toMatch(/not signed by this key/);
      }),
      { numRuns: 40 },
    );
  });
});

it('ends with where its index lies', () => {
  expect(extentIn(endLine([123_456_789_012, 345]))).toEqual([123_456_789_012, 345]);
  expect(endLine([0, 1])).toHaveLength(endLine([999_999_999_999_999, 9_999_999_999]).length);
  expect(extentIn('anything else\n')).toBeNull();
});
